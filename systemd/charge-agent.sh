#!/bin/sh
# Tells the door how full this PC's battery is, every five minutes and at its start. For Linux PCs that are lent; needs mosquitto-clients.
# On Windows the same three lines do in PowerShell: (Get-CimInstance Win32_Battery).EstimatedChargeRemaining gives the per cent.
#
# Settings, in /etc/genkan/charge-agent.conf:
#   BROKER=broker.example.jp   the broker that kiosk and office use
#   KIOSK=koto-1               the kiosk at the door
#   EQUIPMENT=pc-07            this PC's id in the collection "equipment"
#   TLS="--cafile /etc/genkan/ca.pem --cert /etc/genkan/pc.pem --key /etc/genkan/pc.key"
set -eu
BROKER= KIOSK= EQUIPMENT= TLS= PORT=8883 BATTERY=/sys/class/power_supply/BAT0/capacity
. "${CHARGE_AGENT_CONF:-/etc/genkan/charge-agent.conf}"

: "${BROKER:?set BROKER in /etc/genkan/charge-agent.conf}"
: "${KIOSK:?set KIOSK in /etc/genkan/charge-agent.conf}"
: "${EQUIPMENT:?set EQUIPMENT in /etc/genkan/charge-agent.conf}"

while :; do
    if percent=$(cat "$BATTERY" 2>/dev/null); then
        # Of a report that is lost the next one says the same. TLS holds several arguments.
        # shellcheck disable=SC2086
        mosquitto_pub -V mqttv5 -q 1 -h "$BROKER" -p "$PORT" $TLS -t "genkan/v1/$KIOSK/charge" \
            -m "{\"equipment\":\"$EQUIPMENT\",\"percent\":$percent}" ||
            echo "the broker $BROKER is not reached; trying again in five minutes" >&2
    else
        echo "no battery at $BATTERY; set BATTERY to its file" >&2
    fi
    [ "${1:-}" = --once ] && exit
    sleep 300
done
