"""What the history calls the changes of assets."""

VERBS = {"save_asset": "登记项目资产", "note_asset_income": "登记资产收益", "dispose_asset": "处置资产"}
