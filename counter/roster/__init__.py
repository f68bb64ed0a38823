"""Rosters (单位名单): a unit's people in a spreadsheet, read safely, judged row by row by the same rules, handed back.

Pure functions and files: no ledger, no network, no screen. `columns` declares what a row says, `header` finds the
columns, `reader` gives rows, `checks` judges them, `template` and `handover` write what goes to the unit.
"""
