"""`make recount`: count the report of many random books from their extracts, one line a seed, and name what differs."""

import sys

from tests.whole.reading.__main__ import main
from tests.whole.recount.beside import recounted

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or ["--seeds", "1-30"], recounted))
