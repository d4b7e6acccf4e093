// The floor as a picture: which seats are free.

import { byId, japanese, list, make } from "./text.js";

/** Width of a letter and height of a name with their edges, as parts of a rem: where the name has no room, the seat stands without it. */
const LETTER = .3;
const HEIGHT = .44;

let drawnKey = null;

function place(element, { x, y, w, h }, unit) {
  element.style.left = `${x * unit}px`;
  element.style.top = `${y * unit}px`;
  element.style.width = `${w * unit}px`;
  element.style.height = `${h * unit}px`;
  return element;
}

/** Draws the floor as large as its place allows, unless nothing has changed. */
export function drawPlan(floor) {
  const box = byId("plan");
  const key = JSON.stringify([floor, box.clientWidth, box.clientHeight]);
  if (key === drawnKey) return;
  drawnKey = key;
  const width = Number(floor.width) || 0;
  const height = Number(floor.height) || 0;
  box.replaceChildren();
  if (width === 0 || height === 0) return;
  const unit = Math.min(box.clientWidth / width, box.clientHeight / height);
  const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
  const hasRoom = (name, { w, h }) => name.length * LETTER * rem < w * unit && HEIGHT * rem < h * unit;
  const rooms = list(floor.rooms).map((room) => {
    const name = japanese(room.name);
    const kind = room.kind === "consultation" ? "room people" : "room";
    return place(make("div", kind, hasRoom(name, room.place) ? name : ""), room.place, unit);
  });
  const seats = list(floor.seats).map((seat) => {
    const name = String(seat.id);
    return place(make("div", seat.free ? "seat free" : "seat", hasRoom(name, seat.place) ? name : ""), seat.place, unit);
  });
  const ground = place(make("div", "ground", ...rooms, ...seats), { x: 0, y: 0, w: width, h: height }, unit);
  ground.style.left = `${(box.clientWidth - width * unit) / 2}px`;
  box.append(ground);
}
