"""What the history calls the changes of sheets."""

IMPORT, UNDO = "import_sheet", "undo_import"
VERBS = {
    "export_unmasked": "导出完整证件号码",
    IMPORT: "批量导入",
    UNDO: "撤销导入",
}
HANDS = {IMPORT: "批量导入"}
