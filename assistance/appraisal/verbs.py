"""What the history calls the changes of appraisals."""

VERBS = {"appraise_helper": "考核帮扶责任人"}
