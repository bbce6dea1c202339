#!/usr/bin/env bash
# Makes the secrets of compose.yaml, each once: what is there is never overwritten. Usage: deploy/secrets.sh [FOLDER], by default deploy/secrets.
#
# Compose binds a file with the owner and mode that it has here, and each container runs as a user of its own. So the folder keeps others out
# (mode 0700), and the files in it can be read by whoever is handed one of them (mode 0444). Only the services that need a file are handed it.
set -euo pipefail
umask 077
folder="${1:-"$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)/secrets"}"
mkdir -p "$folder"
chmod 0700 "$folder"

# 32 random bytes of the operating system, as 64 hexadecimal digits: no character that a file format would read as its own.
random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }

# keep NAME: writes standard input to a file of that name, unless there is one.
keep() {
  local file="$folder/$1" new
  if [ -s "$file" ]; then
    cat >/dev/null
    echo "kept $1"
    return
  fi
  new="$(mktemp "$folder/.new.XXXXXX")"
  cat >"$new"
  chmod 0444 "$new"
  # A link never replaces a file: of two that run at once, one wins and the other keeps what is there.
  if ln "$new" "$file" 2>/dev/null; then echo "made $1"; else echo "kept $1"; fi
  rm -f "$new"
}

for name in influxdb_admin_password influxdb_admin_token grafana_analysis_password grafana_analysis_key grafana_operations_password grafana_operations_key; do
  random | keep "$name"
done

# The optional bridge: its connection to the hub with the secret in it, and the users of its own equipment, none at first.
keep mosquitto_bridge.conf <<CONF
connection hub
address 127.0.0.1:1883
remote_clientid mosquitto-bridge
remote_username bridge
remote_password $(random)
bridge_protocol_version mqttv311
try_private false
notifications false
cleansession false
restart_timeout 1 30
topic # out 1
CONF
echo "# Add users with mosquitto_passwd; nobody gets in until then." | keep mosquitto_passwords
