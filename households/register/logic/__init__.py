"""Logic checks of an entered household (dictionary.md section 7): see ``rule`` for the parts, ``check`` for the use."""
