# Counting and reporting, shared by .ci/lint, .ci/test and .ci/run. To be sourced.
# shellcheck shell=bash

passed=0
failed=0

# check NAME COMMAND…: runs COMMAND quietly, counts it, and shows all it said when it failed.
# The output is also added to $log where that is set.
check() {
    local name=$1 output status=0 started=$SECONDS
    shift
    output=$("$@" 2>&1 </dev/null) || status=$?
    [[ -z ${log:-} ]] || printf '== %s\n%s\n' "$name" "$output" >>"$log"
    if ((status == 0)); then
        passed=$((passed + 1))
        printf 'ok      %s (%d s)\n' "$name" $((SECONDS - started))
    else
        failed=$((failed + 1))
        printf 'FAILED  %s\n%s\n' "$name" "$output"
    fi
}

# entry NAME VALUE UNIT AIM true|false: one measured value, as a line of summary.json.
entry() {
    printf '  "%s": {"value": %s, "unit": "%s", "aim": "%s", "ok": %s}' "$@"
}

# truth EXPRESSION: true or false, of an arithmetic expression.
truth() { if (($1)); then echo true; else echo false; fi; }

# write_summary FILE ENTRY…: the entries as one JSON object.
write_summary() {
    local file=$1 separator='{'
    shift
    for line in "$@"; do
        printf '%s\n%s' "$separator" "$line"
        separator=,
    done >"$file"
    printf '\n}\n' >>"$file"
}

# count_entries UNIT: fills `entries` with how many of them passed and failed, and the time it took.
# shellcheck disable=SC2034 # `entries` is read by whoever sources this
count_entries() {
    entries=(
        "$(entry passed "$passed" "$1" "≥ 1" "$(truth 'passed > 0')")"
        "$(entry failed "$failed" "$1" 0 "$(truth 'failed == 0')")"
        "$(entry seconds "$SECONDS" s "≤ 2700" "$(truth 'SECONDS <= 2700')")"
    )
}

# value_of NAME FILE: a value out of such a summary, 0 where there is none.
value_of() {
    local value
    value=$(sed -nE "s/^ *\"$1\": \{\"value\": ([0-9]+).*/\1/p" "$2" 2>/dev/null) || true
    echo "${value:-0}"
}

# conclude: the last line, and the exit code it stands for.
conclude() {
    echo "$passed passed, $failed failed"
    ((failed == 0 && passed > 0))
}
