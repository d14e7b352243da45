#!/bin/sh
# A sensor of this machine for the demo at /demos/sensors: its load as a temperature, its free memory as
# humidity, once a second until it is stopped. Usage: sensor.sh [NAME] [READINGS]
# CARILLON is the program (carillon), CARILLON_URL the server (http://127.0.0.1:8000).
name=${1:-$(hostname)}
left=${2:--1}

readings() {
  while [ "$left" -ne 0 ]; do
    awk -v name="$name" '
      FILENAME == "/proc/loadavg" { load = $1 }
      /^MemTotal:/ { total = $2 }
      /^MemAvailable:/ { free = $2 }
      END { printf "{\"sensor\":\"%s\",\"temperature\":%.2f,\"humidity\":%.1f}\n", name, 15 + load * 5, 100 * free / total }
    ' /proc/loadavg /proc/meminfo || return
    left=$((left - 1))
    [ "$left" -eq 0 ] || sleep 1
  done
}

readings | "${CARILLON:-carillon}" pub demo-sensors:all --lines --type json
