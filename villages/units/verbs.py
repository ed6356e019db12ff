"""What the history calls the changes of units and cadres."""

VERBS = {
    "save_unit": "登记或修改单位",
    "save_cadre": "登记或修改干部",
}
