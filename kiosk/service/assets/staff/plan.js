// The floor, drawn to the centre's layout.

import { SEATS, time } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

function draw(name, attributes, ...children) {
  const made = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  made.append(...children);
  return made;
}

function room(one) {
  const { x, y, w, h } = one.place;
  const name = draw("text", { class: "room-name", x: x + w / 2, y: y + h / 2 + 5 }, one.name.ja);
  return draw("g", {}, draw("rect", { class: `room ${one.kind}`, x, y, width: w, height: h, rx: 8 }), name);
}

/** The second line of a seat: until when, or what it is. */
function line(seat) {
  if (seat.state === "occupied" && seat.until) return time(seat.until);
  return SEATS[seat.state];
}

function seat(one, stay, open) {
  const { x, y, w, h } = one.place;
  const middle = x + w / 2;
  const parts = [
    draw("rect", { x, y, width: w, height: h, rx: 8 }),
    draw("text", { class: "id", x: middle, y: y + h / 2 - 1 }, one.id),
    draw("text", { class: "state", x: middle, y: y + h / 2 + 15 }, line(one)),
  ];
  const group = draw("g", { class: `seat ${one.state}` }, ...parts);
  if (!stay) return group;
  group.setAttribute("role", "button");
  group.setAttribute("tabindex", "0");
  group.setAttribute("aria-label", `${one.id}席　${stay.member}　${line(one)}`);
  group.addEventListener("click", () => open(stay));
  group.addEventListener("keydown", (event) => {
    if (event.key === "Enter" || event.key === " ") {
      event.preventDefault();
      open(stay);
    }
  });
  return group;
}

/** Draws the floor; a press on a taken seat opens that stay. */
export function showPlan(view, open) {
  const { floor, inside } = view;
  const plan = document.getElementById("plan");
  const focused = document.activeElement && document.activeElement.closest("#plan [role]");
  const label = focused ? focused.getAttribute("aria-label") : null;
  const bySeat = new Map(inside.filter((stay) => stay.seat).map((stay) => [stay.seat, stay]));
  plan.setAttribute("viewBox", `0 0 ${floor.width} ${floor.height}`);
  plan.replaceChildren(...floor.rooms.map(room), ...floor.seats.map((one) => seat(one, bySeat.get(one.id), open)));
  const again = [...plan.querySelectorAll("[role]")].find((one) => one.getAttribute("aria-label") === label);
  if (again) again.focus();
  const free = floor.seats.filter((one) => one.state === "free").length;
  document.getElementById("free").textContent = `空き ${free}席／全${floor.seats.length}席`;
}
