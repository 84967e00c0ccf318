@echo off
rem Installs what is missing, then starts the gateway.
cd /d "%~dp0"

where node >nul 2>nul
if errorlevel 1 (
  echo droid2api needs Node.js 20.19 or newer: https://nodejs.org
  exit /b 1
)
if not exist node_modules (
  call npm ci --no-audit --no-fund
  if errorlevel 1 exit /b 1
)
call npm start
