"""Who may do what where, which accounts nobody uses, which postings conflict, what one hand did alone."""
