"""What the history calls the changes of sheets."""

IMPORT = "import_sheet"
VERBS = {
    "export_unmasked": "导出完整证件号码",
    IMPORT: "批量导入",
}
HANDS = {IMPORT: "批量导入"}
