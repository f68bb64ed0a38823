@echo off
rem Installs counter from this folder; see install.py. PYTHON names another Python than that of the launcher py.
if not defined PYTHON set PYTHON=py -3
%PYTHON% "%~dp0install.py" %*
