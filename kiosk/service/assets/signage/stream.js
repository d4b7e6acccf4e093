// The line to the service. The stream is read by hand instead of by `EventSource`, which cannot see keep-alive comments and so never
// notices a dead connection.

const VIEW = "/v1/signage";
const STREAM = "/v1/signage/stream";
const EVENT = "signage";
/** Longest text of one stream event, in characters: beyond this the stream is not ours. */
const LONGEST_EVENT = 4000000;

const settings = document.body.dataset;
const silenceMs = Number(settings.silenceMs);
const retryMs = Number(settings.retryMs);
const retryMaxMs = Number(settings.retryMaxMs);

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

let reloading = false;

/** Loads the page anew once the service serves it: a reload into a service that is just restarting would end on an error page. */
export async function reload() {
  if (reloading) return;
  reloading = true;
  for (;;) {
    try {
      const page = await fetch(location.href, { cache: "reload" });
      if (page.ok) {
        location.reload();
        return;
      }
    } catch (error) {
      console.warn("the page cannot be loaded anew yet", error);
    }
    await pause(retryMs);
  }
}

/** Cuts a stream of server-sent events, given in pieces of any size, into the data of our events. */
class Events {
  constructor() {
    this.rest = "";
    this.name = "";
    this.data = [];
  }

  /** The data of the events that this piece completes. */
  feed(piece) {
    this.rest += piece;
    if (this.rest.length > LONGEST_EVENT) throw new Error("a stream event is too long");
    const held = this.rest.endsWith("\r") ? this.rest.length - 1 : this.rest.length;
    const lines = this.rest.slice(0, held).split(/\r\n|\n|\r/);
    this.rest = lines.pop() + this.rest.slice(held);
    return lines.map((line) => this.line(line)).filter((data) => data !== null);
  }

  line(line) {
    if (line === "") {
      const complete = this.name === EVENT && this.data.length > 0 ? this.data.join("\n") : null;
      this.name = "";
      this.data = [];
      return complete;
    }
    const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
    if (field === "event") this.name = value;
    if (field === "data") this.data.push(value);
    return null;
  }
}

/** Asks for the view once, for a stream that says nothing until something changes; a view from the stream in between is newer. */
async function askForView(page, signal) {
  const before = page.drawn();
  const response = await fetch(VIEW, { cache: "no-store", signal });
  if (!response.ok) throw new Error(`${VIEW} answered ${response.status}`);
  const json = await response.text();
  if (page.drawn() === before) page.show(json);
}

/** One connection, from its opening to its end, of whatever kind. `heard` is called with every sign of life. */
async function connection(page, control, heard) {
  const response = await fetch(STREAM, { cache: "no-store", headers: { accept: "text/event-stream" }, signal: control.signal });
  if (!response.ok || !response.body) throw new Error(`${STREAM} answered ${response.status}`);
  heard();
  askForView(page, control.signal).catch((error) => {
    console.warn("the view could not be fetched", error);
    if (page.drawn() === 0) control.abort();
  });
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const events = new Events();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    heard();
    events.feed(decoder.decode(value, { stream: true })).forEach(page.show);
  }
}

/**
 * Follows the service for ever. `page` shows views given as JSON (`show`), counts those it has shown (`drawn`), and is told of every sign of
 * life (`heard`). Pauses grow with failures in a row, and chance keeps displays from returning all at once.
 */
export async function follow(page) {
  let failures = 0;
  for (;;) {
    const control = new AbortController();
    let silence = setTimeout(() => control.abort(), silenceMs);
    const heard = () => {
      page.heard();
      failures = 0;
      clearTimeout(silence);
      silence = setTimeout(() => control.abort(), silenceMs);
    };
    try {
      await connection(page, control, heard);
    } catch (error) {
      console.warn("the connection to the service ended", error);
    }
    clearTimeout(silence);
    control.abort();
    const longest = Math.min(retryMaxMs, retryMs * 2 ** Math.min(failures, 10));
    failures += 1;
    await pause(longest * (0.5 + Math.random() / 2));
  }
}
