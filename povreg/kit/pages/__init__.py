"""Declared lists and edit pages: one declaration serves page, phone cards, workbook, filter and API."""
