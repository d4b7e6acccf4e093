// Two soft notes, made by the browser itself. A browser that refuses sound until somebody touches it stays silent: the call stands on the page.

const NOTES = [880, 659.25];
const SPACING_S = 0.45;
const LENGTH_S = 1.6;
const LOUDNESS = 0.25;

let context = null;

function note(frequency, at) {
  const tone = context.createOscillator();
  const loudness = context.createGain();
  tone.frequency.value = frequency;
  loudness.gain.setValueAtTime(0, at);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, at + 0.02);
  loudness.gain.exponentialRampToValueAtTime(0.001, at + LENGTH_S);
  tone.connect(loudness);
  loudness.connect(context.destination);
  tone.start(at);
  tone.stop(at + LENGTH_S);
}

/** Sounds the chime once. */
export async function chime() {
  document.body.dataset.chimes = String(Number(document.body.dataset.chimes || 0) + 1);
  try {
    context = context || new AudioContext();
    await context.resume();
    NOTES.forEach((frequency, index) => note(frequency, context.currentTime + 0.05 + index * SPACING_S));
  } catch (error) {
    console.warn("the call could not be sounded", error);
  }
}
