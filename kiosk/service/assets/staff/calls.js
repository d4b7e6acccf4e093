// The line to the service. Every call that changes something says that it comes from this page, and can be repeated without harm.

const NO_LINE = "受付機につながりません。少し待って、もう一度お試しください。";

async function send(method, path, body, key) {
  const headers = { "X-Genkan": "1" };
  if (body) headers["Content-Type"] = "application/json";
  if (key) headers["Idempotency-Key"] = key;
  const answer = await fetch(path, { method, headers, body: body ? JSON.stringify(body) : undefined, credentials: "same-origin" });
  const text = await answer.text();
  return { status: answer.status, body: text ? JSON.parse(text) : null };
}

/** A call and its answer; `status` 0 where there was none. */
export async function call(method, path, body) {
  try {
    return await send(method, path, body, null);
  } catch (error) {
    console.warn("no answer", path, error);
    return { status: 0, body: { title: NO_LINE } };
  }
}

/** Does something once, even where the line breaks and it has to be asked for again. */
export async function act(action, why) {
  const random = crypto.getRandomValues(new Uint8Array(16));
  const key = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  for (let tries = 0; ; tries += 1) {
    try {
      return await send("POST", "/v1/staff/actions", { action, why }, key);
    } catch (error) {
      console.warn("no answer", error);
      if (tries === 1) return { status: 0, body: { title: NO_LINE } };
    }
  }
}

/** Follows the picture of the moment; `lost` hears when the line breaks. Gives a function that ends it. */
export function follow(shown, lost) {
  const stream = new EventSource("/v1/staff/stream");
  stream.addEventListener("staff", (event) => shown(JSON.parse(event.data)));
  stream.addEventListener("error", () => lost());
  return () => stream.close();
}
