"""How much a spreadsheet may be: far above what a unit sends, far below what would hurt the counter."""

from typing import Final

FILE_BYTES: Final = 50 * 1024 * 1024
XLS_BYTES: Final = 20 * 1024 * 1024  # no more fits into 65,536 rows; xlrd keeps all of a sheet
PART_BYTES: Final = 512 * 1024 * 1024  # a sheet's XML, which is never kept
UNPACKED_FROM: Final = 10 * 1024 * 1024  # smaller parts may be packed as they like
RATIO: Final = 200  # of a part's size to its packed size; sheets have 5 to 30
DIRECTORY_BYTES: Final = 1024 * 1024  # of a zip: its directory is kept whole
STRINGS: Final = 1_500_000
STRING_CHARACTERS: Final = 24_000_000
TOKEN_BYTES: Final = 4 * 1024 * 1024  # of one piece of markup, which expat keeps
CELL_CHARACTERS: Final = 32_767  # as a spreadsheet's
COLUMNS: Final = 256
ROWS: Final = 200_000  # filled ones
SHEETS: Final = 200
MERGED: Final = 20_000
LINE_CHARACTERS: Final = 256 * 1024  # of a CSV line
