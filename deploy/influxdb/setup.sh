#!/usr/bin/env bash
# Makes in InfluxDB 2.x what the hub and Grafana need, and hands each its token as a file. It can be run again: what is there stays.
#
#   organisation analysis,   bucket released: released-write for the hub, released-read for Grafana of the analysts,
#                                             released-head for the hub: reads how far its ledger had come
#   organisation operations, bucket health:   health-write   for the hub, health-read   for Grafana of the technicians
#
# A token reads or writes one bucket and nothing else. InfluxDB makes them itself and keeps only hashes, so each is written down here when it is made.
set -euo pipefail
umask 022
url="${INFLUXDB_URL:-http://influxdb:8086}"
folder="${TOKENS_FOLDER:-/run/tokens}"
admin="$(<"${ADMIN_TOKEN_FILE:-/run/secrets/influxdb_admin_token}")"
status="" body=""

# say TOKEN METHOD PATH [JSON]: sends a request; leaves status and body. The token goes by a file of curl's, not by its arguments, which others can list.
say() {
  local answer
  local -a json=()
  [ $# -lt 4 ] || json=(-H 'Content-Type: application/json' --data-binary "$4")
  answer="$(curl -sS --max-time 30 --retry 5 --retry-connrefused -K <(printf 'header = "Authorization: Token %s"\n' "$1") -X "$2" "${json[@]}" -w '\n%{http_code}' "$url$3")"
  status="${answer##*$'\n'}"
  body="${answer%$'\n'*}"
}

fail() {
  echo "setup: $1: InfluxDB answered $status ${body:0:300}" >&2
  exit 1
}

# first_id: the first id in body; empty where there is none.
first_id() { if [[ $body =~ \"id\":[[:space:]]*\"([0-9a-f]{16})\" ]]; then echo "${BASH_REMATCH[1]}"; fi; }

# organisation NAME: prints its id; makes it where it is missing.
organisation() {
  say "$admin" GET "/api/v2/orgs?org=$1"
  case "$status" in 200 | 404) ;; *) fail "organisation $1" ;; esac
  if [ "$status" = 404 ] || [ -z "$(first_id)" ]; then
    say "$admin" POST /api/v2/orgs "{\"name\":\"$1\"}"
    [ "$status" = 201 ] || fail "organisation $1"
    echo "setup: made organisation $1" >&2
  fi
  first_id
}

# bucket ORGANISATION-ID NAME: prints its id; makes it where it is missing. Points stay until the hub deletes them: it knows how long each kind is kept.
bucket() {
  say "$admin" GET "/api/v2/buckets?orgID=$1&name=$2"
  case "$status" in 200 | 404) ;; *) fail "bucket $2" ;; esac
  if [ "$status" = 404 ] || [ -z "$(first_id)" ]; then
    say "$admin" POST /api/v2/buckets "{\"orgID\":\"$1\",\"name\":\"$2\",\"retentionRules\":[]}"
    [ "$status" = 201 ] || fail "bucket $2"
    echo "setup: made bucket $2" >&2
  fi
  first_id
}

# database ORGANISATION-ID BUCKET-ID NAME: lets InfluxQL ask the bucket by its name. 422 "conflict" says that it may already.
database() {
  say "$admin" POST /api/v2/dbrps "{\"orgID\":\"$1\",\"bucketID\":\"$2\",\"database\":\"$3\",\"retention_policy\":\"autogen\",\"default\":true}"
  case "$status" in
    201) echo "setup: InfluxQL knows database $3" >&2 ;;
    409 | 422) [[ $body == *'"conflict"'* ]] || fail "database $3" ;;
    *) fail "database $3" ;;
  esac
}

# ids_of ORGANISATION-ID DESCRIPTION: ids of the tokens with that description. The id begins each entry of the list, so it is on the same piece as the description.
ids_of() {
  say "$admin" GET "/api/v2/authorizations?orgID=$1"
  [ "$status" = 200 ] || fail "tokens"
  tr -d '\n' <<<"$body" | sed 's/"id":/\n"id":/g' | sed -n "s/^\"id\":[[:space:]]*\"\([0-9a-f]\{16\}\)\".*\"description\":[[:space:]]*\"$2\".*/\1/p"
}

# token ORGANISATION-ID BUCKET-ID ACTION PLACE: keeps the token that lies at PLACE while InfluxDB knows it; else makes a new one and removes those of the same name.
token() {
  local description="monitoring ${4##*/}" file="$folder/$4" ids id made
  if [ -s "$file" ]; then
    say "$(<"$file")" GET "/api/v2/buckets?orgID=$1&limit=1"
    [ "$status" = 401 ] || return 0
  fi
  ids="$(ids_of "$1" "$description")"
  for id in $ids; do
    say "$admin" DELETE "/api/v2/authorizations/$id"
    [ "$status" = 204 ] || fail "old token $description"
  done
  say "$admin" POST /api/v2/authorizations "{\"orgID\":\"$1\",\"description\":\"$description\",\"permissions\":[{\"action\":\"$3\",\"resource\":{\"type\":\"buckets\",\"id\":\"$2\",\"orgID\":\"$1\"}}]}"
  [ "$status" = 201 ] || fail "token $description"
  if [[ $body =~ \"token\":[[:space:]]*\"([^\"]+)\" ]]; then made="${BASH_REMATCH[1]}"; else body="without a token"; fail "token $description"; fi
  mkdir -p "$(dirname "$file")"
  printf '%s\n' "$made" >"$file.new"
  chmod 0444 "$file.new"
  mv -f "$file.new" "$file"
  echo "setup: made token $description" >&2
}

# all ORGANISATION BUCKET READER: one organisation with what belongs to it.
all() {
  local org bucket
  org="$(organisation "$1")"
  bucket="$(bucket "$org" "$2")"
  database "$org" "$bucket" "$2"
  token "$org" "$bucket" write "hub/$2-write"
  token "$org" "$bucket" read "$3/$2-read"
  [ "$2" != released ] || token "$org" "$bucket" read "hub/$2-head"
}

all analysis released grafana-analysis
all operations health grafana-operations
echo "setup: done" >&2
