// The time is the service's: that of the last view, carried on by a steady counter. The display's own clock and time zone are often wrong.

const JST_MS = 9 * 60 * 60 * 1000;

/** The service's time at a moment of the display's steady counter, both in milliseconds; null until the first view. */
let anchor = null;

/** Learns the service's time at a moment of the display's steady counter. */
export function setTime(time, moment) {
  anchor = { time, moment };
}

/** The service's time at a moment of the steady counter (now when left out), as a `Date` whose UTC fields read as JST. */
export function jst(moment = performance.now()) {
  return new Date(anchor.time + (moment - anchor.moment) + JST_MS);
}

/** Full seconds of the service's time since `iso`. */
export function secondsSince(iso) {
  return Math.floor((jst().getTime() - JST_MS) / 1000) - Math.floor(Date.parse(iso) / 1000);
}

export const WEEKDAYS = "日月火水木金土";
const WEEKDAYS_EN = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
const MONTHS_EN = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
const twoDigits = (number) => String(number).padStart(2, "0");
export const clockText = (date) => `${date.getUTCHours()}:${twoDigits(date.getUTCMinutes())}`;
export const dateText = (date) => `${date.getUTCMonth() + 1}月${date.getUTCDate()}日（${WEEKDAYS[date.getUTCDay()]}）`;
export const dateEnglish = (date) => `${WEEKDAYS_EN[date.getUTCDay()]} ${date.getUTCDate()} ${MONTHS_EN[date.getUTCMonth()]}`;
export const isoDay = (date) => date.toISOString().slice(0, 10);
export const day = (iso) => new Date(`${iso}T00:00:00Z`);
/** "09:30" as people write it: "9:30". */
export const hour = (time) => String(time || "").replace(/^0(?=\d)/, "");
/** Minutes since midnight of "09:30", and of this moment. */
export const minutes = (time) => Number(time.slice(0, 2)) * 60 + Number(time.slice(3, 5));
export const minuteOfDay = () => jst().getUTCHours() * 60 + jst().getUTCMinutes();
