#!/bin/sh
# Installs counter from this folder; see install.py. PYTHON names another Python than python3.
exec "${PYTHON:-python3}" "$(dirname "$0")/install.py" "$@"
