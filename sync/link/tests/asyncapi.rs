//! `docs/asyncapi.yaml` says what the types say. `UPDATE_DOCS=1 cargo test -p link --test asyncapi` writes it anew.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use link::envelope::CloudEvent;
use link::message::{Ack, Batch, ChargeReport, KioskState, Manifest, OfficeState};
use link::topics::{Channel, Topic};
use serde_json::{Map, Value, json};
use std::path::Path;
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

fn add<T: ToSchema>(schemas: &mut Map<String, Value>) {
    let mut found: Vec<(String, RefOr<Schema>)> =
        vec![(T::name().into_owned(), <T as PartialSchema>::schema())];
    T::schemas(&mut found);
    for (name, schema) in found {
        schemas.insert(name, serde_json::to_value(schema).unwrap());
    }
}

/// One row for each topic: key, topic, message, its schema, who sends it, what it is for.
fn rows() -> Vec<(
    &'static str,
    String,
    &'static str,
    &'static str,
    &'static str,
)> {
    let kiosk: domain::ids::KioskId = "koto-1".into();
    let address = |channel| {
        Topic::of(&kiosk, channel)
            .unwrap()
            .to_string()
            .replace("koto-1", "{kiosk}")
    };
    vec![
        (
            "up",
            address(Channel::Up),
            "Batch",
            "receive",
            "Consecutive records of a kiosk's journal, at most 64 KiB; without records it is the heartbeat.",
        ),
        (
            "ack",
            address(Channel::Ack),
            "Ack",
            "send",
            "How far the office holds the kiosk's records durably. Only this moves the kiosk's cursor.",
        ),
        (
            "manifest",
            address(Channel::Manifest),
            "Manifest",
            "send",
            "Retained. Which collections there are; the kiosk fetches them by HTTPS.",
        ),
        (
            "charge",
            address(Channel::Charge),
            "ChargeReport",
            "send",
            "How full the battery of a lent PC is, published by the program on the PC for the kiosk; the office only looks on.",
        ),
        (
            "state",
            address(Channel::State),
            "KioskState",
            "receive",
            "Retained, and the kiosk's will. Whether it is connected.",
        ),
        (
            "officeState",
            Topic::OFFICE_STATE.to_string(),
            "OfficeState",
            "send",
            "Retained, and the office's will. Whether it is connected.",
        ),
    ]
}

fn document() -> Value {
    let (mut channels, mut operations, mut messages) = (Map::new(), Map::new(), Map::new());
    for (key, address, message, action, text) in rows() {
        let mut channel = json!({
            "address": address,
            "description": text,
            "messages": { message: { "$ref": format!("#/components/messages/{message}") } },
        });
        if address.contains("{kiosk}") {
            channel["parameters"] = json!({ "kiosk": { "$ref": "#/components/parameters/kiosk" } });
        }
        channels.insert(key.to_owned(), channel);
        let operation =
            json!({ "action": action, "channel": { "$ref": format!("#/channels/{key}") } });
        operations.insert(format!("{action}{message}"), operation);
        let payload = json!({ "$ref": format!("#/components/schemas/{message}") });
        messages.insert(
            message.to_owned(),
            json!({ "contentType": "application/json", "payload": payload }),
        );
    }
    let mut schemas = Map::new();
    add::<Batch>(&mut schemas);
    add::<CloudEvent>(&mut schemas);
    add::<Ack>(&mut schemas);
    add::<Manifest>(&mut schemas);
    add::<ChargeReport>(&mut schemas);
    add::<KioskState>(&mut schemas);
    add::<OfficeState>(&mut schemas);
    json!({
        "asyncapi": "3.0.0",
        "info": {
            "title": "Genkan: kiosk and office",
            "version": "1",
            "license": { "name": "GPL-3.0-only" },
            "description": "MQTT 5, QoS 1, seen from the office. Members that are not named here are to be skipped. \
                The broker is trusted with nothing: what is durable is what an Ack says.",
        },
        "defaultContentType": "application/json",
        "channels": channels,
        "operations": operations,
        "components": {
            "parameters": { "kiosk": { "description": "A kiosk's id: 1 to 32 of a-z, 0-9 and -, and not \"office\"." } },
            "messages": messages,
            "schemas": schemas,
        },
    })
}

#[test]
fn the_document_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/asyncapi.yaml");
    let head = "# Generated from the types of sync/link; to change it, change them and run\n# UPDATE_DOCS=1 cargo test -p link --test asyncapi\n";
    let text = format!("{head}{}", yaml_serde::to_string(&document()).unwrap());
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == text,
        "docs/asyncapi.yaml is not what the types say; run UPDATE_DOCS=1 cargo test -p link --test asyncapi"
    );
}

#[test]
fn every_reference_leads_somewhere() {
    let document = document();
    let mut open = vec![&document];
    let mut seen = 0;
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) => {
                if let Some(Value::String(reference)) = object.get("$ref") {
                    let pointer = reference.strip_prefix('#').expect("within the document");
                    assert!(document.pointer(pointer).is_some(), "{reference}");
                    seen += 1;
                }
                open.extend(object.values());
            }
            Value::Array(array) => open.extend(array),
            _ => {}
        }
    }
    assert!(seen > 10);
}
