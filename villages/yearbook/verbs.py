"""What the history calls the changes of yearly files."""

VERBS = {
    "start_village_year": "建立村情台账",
    "save_village_year": "填报村情台账",
    "import_village_years": "导入村情台账",
}
