"""Reading any spreadsheet safely: by its content, within limits, as rows of text."""
