'use strict';

const latest = document.getElementById('latest');
const cards = document.getElementById('cards');

function show(place, words) {
  place.dataset.tone = words.tone;
  place.querySelector('b').textContent = words.title;
  place.querySelector('em').textContent = words.detail;
}

function answerOf(card) {
  const place = card.querySelector('.answer');
  if (!place.firstChild) {
    place.append(document.createElement('b'), document.createElement('em'));
  }
  place.hidden = false;
  return place;
}

async function present(button) {
  const card = button.closest('.card');
  button.disabled = true;
  try {
    const response = await fetch('/present', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ visitor: Number(button.dataset.visitor) }),
    });
    const words = response.ok ? await response.json() : { tone: 'not-now', title: '届きませんでした', detail: await response.text() };
    show(answerOf(card), words);
  } catch {
    show(answerOf(card), { tone: 'not-now', title: '届きませんでした', detail: 'デモが終わっています。make demo で起動できます。' });
  } finally {
    button.disabled = false;
  }
}

function filter(chosen) {
  for (const button of document.querySelectorAll('[data-filter]')) {
    button.setAttribute('aria-pressed', String(button === chosen));
  }
  const wanted = chosen.dataset.filter;
  for (const card of cards.children) {
    card.hidden = wanted !== 'all' && card.dataset.group !== wanted;
  }
}

document.addEventListener('click', (event) => {
  const button = event.target.closest('button');
  if (!button) return;
  if (button.dataset.visitor) present(button);
  if (button.dataset.filter) filter(button);
});

new EventSource('/verdicts').addEventListener('message', (event) => show(latest, JSON.parse(event.data)));
