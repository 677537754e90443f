@echo off
rem zhiban: installs from the wheels beside this script, without network, then starts.
rem start.bat                                 a demo service on http://127.0.0.1:8000
rem start.bat solve month.xlsx --out results  any command
chcp 65001 >nul
setlocal
set "HERE=%~dp0"
if "%PYTHON%"=="" set "PYTHON=py -3"
%PYTHON% -c "import sys; sys.exit(sys.version_info < (3, 11))"
if errorlevel 1 (
  echo Python 3.11 or newer is needed
  exit /b 1
)
if exist "%HERE%.venv\.ready" goto start
%PYTHON% -m venv "%HERE%.venv" || exit /b 1
"%HERE%.venv\Scripts\python.exe" -m pip install --quiet --disable-pip-version-check --no-index --find-links "%HERE%wheels" "zhiban[print]" || exit /b 1
echo ready> "%HERE%.venv\.ready"
:start
if "%ZHIBAN_FONTS%"=="" set "ZHIBAN_FONTS=%HERE%fonts"
if "%~1"=="" (
  "%HERE%.venv\Scripts\zhiban.exe" serve --demo --data "%HERE%demo"
) else (
  "%HERE%.venv\Scripts\zhiban.exe" %*
)
