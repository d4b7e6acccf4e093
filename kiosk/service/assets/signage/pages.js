// Boxes that never scroll.

import { make } from "./text.js";

const turnMs = Number(document.body.dataset.turnMs);

/** A box that shows as much as fits and turns calmly through the rest, by itself unless told not to; nothing in it ever scrolls. */
export class Pages {
  constructor(box, mark, turnsItself = true) {
    this.box = box;
    this.mark = mark;
    this.key = null;
    this.current = 0;
    if (turnsItself) setInterval(() => this.turn(), turnMs);
  }

  /** Fills the box from sections `{heading, rows}`, heading a function or null, unless neither they nor the room have changed. */
  fill(content, sections) {
    const key = this.keyOf(content);
    if (key === this.key) return;
    this.key = key;
    this.box.replaceChildren();
    for (const section of sections()) this.add(section);
    // Only the turning of a page fades: a number that changes must not blink.
    this.box.classList.add("still");
    this.show(Math.min(this.current, this.count - 1));
    this.box.getBoundingClientRect();
    this.box.classList.remove("still");
  }

  keyOf(content) {
    return JSON.stringify([content, this.box.clientWidth, this.box.clientHeight]);
  }

  add({ heading, rows }) {
    let fresh = heading;
    for (const row of rows) {
      const block = fresh ? [fresh(), row] : [row];
      const page = this.box.lastElementChild || this.begin();
      page.append(...block);
      const alone = page.children.length === block.length;
      if (page.offsetHeight > this.box.clientHeight && !alone) {
        if (fresh) block[0].remove();
        this.begin().append(...(heading ? [fresh ? block[0] : heading()] : []), row);
      }
      fresh = null;
    }
  }

  begin() {
    const page = make("div", "page");
    this.box.append(page);
    return page;
  }

  get count() {
    return this.box.children.length;
  }

  turn() {
    if (this.count > 1) this.show((this.current + 1) % this.count);
  }

  show(wanted) {
    const pages = Array.from(this.box.children);
    this.current = Math.max(wanted, 0);
    pages.forEach((page, index) => page.classList.toggle("shown", index === this.current));
    if (this.mark) this.mark.textContent = pages.length > 1 ? `${this.current + 1} / ${pages.length}` : "";
  }
}
