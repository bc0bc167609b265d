// What is seen. It knows nothing of the network; lines come in by add, settle and replace.

const trusted = (() => {
  try {
    return globalThis.trustedTypes?.createPolicy('faqbot', { createHTML: (html) => html });
  } catch {
    return null; // a site that allows no other policies; it allows no markup then either
  }
})();

// setHTML shows what the server rendered: it is escaped and filtered there.
function setHTML(element, html) {
  try {
    element.innerHTML = trusted ? trusted.createHTML(html) : html;
  } catch {
    element.textContent = html.replace(/<[^>]*>/g, ' ');
  }
}

function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value === true ? '' : value);
  }
  element.append(...children.filter((c) => c !== null));
  return element;
}

const paths = {
  send: 'M4 12 20 4.5 16.5 20 11.5 13.5zM11.5 13.5 20 4.5',
  close: 'M6 6 18 18M18 6 6 18',
  down: 'M12 5v14M6 13l6 6 6-6',
  check: 'M5 12.5 10 17.5 19 7',
  link: 'M9 6H6v12h12v-3M13 5h6v6M19 5l-9 9',
  chat: 'M6 5h12a2.5 2.5 0 0 1 2.5 2.5v7a2.5 2.5 0 0 1-2.5 2.5h-6l-5 4v-4H6A2.5 2.5 0 0 1 3.5 14.5v-7A2.5 2.5 0 0 1 6 5z',
};

function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  for (const [k, v] of Object.entries({ viewBox: '0 0 24 24', class: `fq-icon fq-icon-${name}`, 'aria-hidden': 'true', focusable: 'false' })) {
    svg.setAttribute(k, v);
  }
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', paths[name]);
  svg.append(path);
  return svg;
}

const hidden = (text) => h('span', { class: 'fq-sr' }, text);

function createView({ texts, lang, formats, name, level, onSend, onPress, onRetry, onClose, onTyping }) {
  const longest = 4000;
  const joinWithin = 3 * 60_000; // lines of one side this close share one time
  const lines = h('div', { class: 'fq-lines' });
  const empty = h('p', { class: 'fq-empty', hidden: true }, texts.empty);
  const dots = h('div', { class: 'fq-typing', 'aria-hidden': 'true', hidden: true }, h('i'), h('i'), h('i'));
  const log = h('div', { class: 'fq-log', role: 'log', tabindex: 0, 'aria-label': texts.log, 'aria-live': 'polite' },
    empty, lines, dots);
  const newer = h('button', { type: 'button', class: 'fq-newer', hidden: true, click: () => { toEnd(); log.focus({ preventScroll: true }); } },
    icon('down'), texts.newer);
  const notice = h('p', { class: 'fq-notice', role: 'note', dir: 'auto', hidden: true });
  const banner = h('p', { class: 'fq-banner', role: 'status' });
  const status = h('p', { class: 'fq-sr', role: 'status' });
  const left = h('p', { class: 'fq-left', role: 'status' });
  const input = h('textarea', {
    id: 'fq-input', class: 'fq-input', rows: 1, maxlength: longest, placeholder: texts.placeholder,
    enterkeyhint: 'send', autocomplete: 'off', 'aria-describedby': 'fq-left', input: onInput, keydown: onKey, beforeinput: onBreak,
  });
  left.id = 'fq-left';
  const form = h('form', { class: 'fq-form', submit: (e) => { e.preventDefault(); submit(); } },
    h('label', { class: 'fq-sr', for: 'fq-input' }, texts.label),
    h('div', { class: 'fq-field' }, input,
      h('button', { type: 'submit', class: 'fq-send', 'aria-label': texts.send, title: texts.send }, icon('send'))),
    left);
  const close = !onClose ? null : h('button', { type: 'button', class: 'fq-close', 'aria-label': texts.close, title: texts.close, click: onClose }, icon('close'));
  const shownName = name || texts.name;
  const root = h('section', { class: 'fq-chat', lang, dir: lang === 'ar' ? 'rtl' : 'ltr', 'aria-label': shownName },
    h('header', { class: 'fq-head' },
      h('span', { class: 'fq-avatar', 'aria-hidden': 'true' }, name ? [...name][0].toUpperCase() : icon('chat')),
      h('div', { class: 'fq-title' }, h(level, { class: 'fq-name' }, h('bdi', {}, shownName)), h('p', { class: 'fq-what' }, texts.what)),
      close),
    notice, banner, h('div', { class: 'fq-middle' }, log, newer), form, status);

  const byNumber = new Map();
  const byID = new Map();
  let breaking = false; // whether Enter was pressed for a new line
  let following = true; // whether the newest line is in sight, before it grew

  // A scroll event that comes with another size is the browser's doing, not the reader's.
  let size = '';
  const sizeNow = () => `${log.scrollHeight} ${log.clientHeight}`;
  log.addEventListener('scroll', () => {
    if (sizeNow() !== size) return;
    following = atEnd();
    if (following) newer.hidden = true;
  }, { passive: true });
  const observer = new ResizeObserver(() => {
    if (following) toEnd();
    size = sizeNow();
  });
  observer.observe(log);
  observer.observe(lines);

  function atEnd() { return log.scrollHeight - log.scrollTop - log.clientHeight < 60; }

  function toEnd() {
    log.scrollTop = log.scrollHeight;
    following = true;
    newer.hidden = true;
  }

  // reveal shows a new line: all of it where it fits, else its beginning.
  function reveal(element) {
    if (!following) {
      newer.hidden = false;
      return;
    }
    if (element.offsetHeight < log.clientHeight - 24) {
      toEnd();
      return;
    }
    log.scrollTop = element.offsetTop - 12;
    following = false;
  }

  function onInput() {
    grow();
    if (input.value) onTyping();
  }

  function grow() {
    if (input.value) input.dir = 'auto'; else input.removeAttribute('dir'); // the placeholder is in the page's own language
    input.style.height = 'auto';
    input.style.height = `${Math.min(input.scrollHeight, 160)}px`;
    const rest = longest - input.value.length;
    left.textContent = rest < 200 ? `${texts.left}: ${rest}` : '';
  }

  function onKey(e) {
    if (e.key !== 'Enter' || e.isComposing || e.keyCode === 229) return;
    breaking = e.shiftKey;
    if (breaking) return;
    e.preventDefault();
    submit();
  }

  // onBreak is for keyboards on glass, which tell of no key.
  function onBreak(e) {
    if (e.inputType !== 'insertLineBreak' || breaking) return;
    e.preventDefault();
    submit();
  }

  function submit() {
    const text = input.value.trim();
    if (text === '') return;
    input.value = '';
    grow();
    input.focus();
    onSend(text);
  }

  // place puts a line where its number says; what has no number yet is at the end.
  function place(element, n) {
    element.dataset.n = n || '';
    let before = lines.lastElementChild;
    while (before && n && !(Number(before.dataset.n) > 0 && Number(before.dataset.n) < n)) before = before.previousElementSibling;
    if (before !== element && before?.nextElementSibling !== element) {
      if (before) before.after(element); else if (lines.firstElementChild !== element) lines.prepend(element);
    }
    join(element.previousElementSibling, element);
    join(element, element.nextElementSibling);
  }

  // join draws lines of one side together, and a day above the first line of each.
  function join(first, second) {
    if (!second) return;
    const far = !first || dayOf(first) !== dayOf(second);
    const same = !far && first.dataset.side === second.dataset.side && second.dataset.at - first.dataset.at < joinWithin;
    first?.classList.toggle('fq-joined', same);
    second.classList.toggle('fq-first', !same);
    second.querySelector('.fq-day')?.remove();
    if (far) second.prepend(h('p', { class: 'fq-day' }, h('span', {}, formats.day(Number(second.dataset.at)))));
  }

  const dayOf = (element) => new Date(Number(element.dataset.at)).toDateString();

  function build(side, at) {
    const element = h('div', { class: `fq-line fq-${side}`, 'data-side': side, 'data-at': at },
      hidden(side === 'me' ? `${texts.you}: ` : `${texts.bot}: `),
      h('div', { class: 'fq-bubble', dir: 'auto' }), h('div', { class: 'fq-meta' }));
    empty.hidden = true;
    return element;
  }

  function meta(element, ...children) { element.querySelector('.fq-meta').replaceChildren(...children); }

  function time(element) {
    const at = new Date(Number(element.dataset.at));
    meta(element, h('time', { datetime: at.toISOString(), title: formats.full(at) }, formats.time(at)));
  }

  function fill(element, line) {
    const bubble = element.querySelector('.fq-bubble');
    setHTML(bubble, line.html);
    for (const a of bubble.querySelectorAll('a[target=_blank]')) a.append(hidden(` (${texts.newTab})`));
    element.querySelector('.fq-choices')?.remove();
    if (line.buttons?.length) bubble.after(choices(line));
  }

  function choices(line) {
    return h('div', { class: 'fq-choices', role: 'group', 'aria-label': texts.choices }, ...line.buttons.map((b) => (b.url
      ? h('a', { class: 'fq-choice', href: b.url, target: '_blank', rel: 'noopener noreferrer', dir: 'auto' }, b.label, icon('link'), hidden(` (${texts.newTab})`))
      : h('button', { type: 'button', class: 'fq-choice', dir: 'auto', 'data-line': line.n, 'data-action': b.action, click: (e) => press(e.currentTarget, line.n, b) },
        icon('check'), b.label))));
  }

  function press(button, n, b) {
    if (button.getAttribute('aria-disabled')) return;
    onPress(n, b);
  }

  // chosen marks a button; it stays in the tab order, so that nobody's focus is lost.
  function chosen(n, action, yes = true) {
    for (const button of lines.querySelectorAll('button.fq-choice')) {
      if (Number(button.dataset.line) !== n || button.dataset.action !== action) continue;
      button.classList.toggle('fq-chosen', yes);
      button.querySelector('.fq-sr')?.remove();
      if (yes) {
        button.setAttribute('aria-disabled', 'true');
        button.append(hidden(` (${texts.chosen})`));
      } else {
        button.removeAttribute('aria-disabled');
      }
    }
  }

  return {
    root, input, chosen,
    has: (id) => byID.has(id),
    size: () => lines.childElementCount,

    // pending shows what the visitor just sent.
    pending(item) {
      const element = build('me', item.at);
      element.querySelector('.fq-bubble').textContent = item.text;
      byID.set(item.id, element);
      place(element, 0);
      toEnd();
    },

    // state says how an unsent line fares; why is shown where it can never be sent.
    state(id, state, why) {
      const element = byID.get(id);
      if (!element) return;
      element.classList.toggle('fq-failed', state === 'failed' || state === 'refused');
      if (state === 'failed') {
        meta(element, h('span', {}, texts.notSent), h('button', { type: 'button', class: 'fq-retry', click: onRetry }, texts.retry));
      } else if (state === 'refused') {
        meta(element, h('span', {}, why || texts.notSent));
      } else {
        meta(element, h('span', { class: 'fq-late' }, state === 'slow' ? texts.slow : texts.sending));
      }
    },

    // settle gives a line that was sent here its place.
    settle(id, n, at) {
      const element = byID.get(id);
      if (!element || !n) return;
      if (at) element.dataset.at = at;
      element.classList.remove('fq-failed');
      place(element, n);
      time(element);
    },

    add(line) {
      const side = line.id ? 'me' : 'bot';
      const element = build(side, Date.parse(line.at));
      if (side === 'me') {
        element.querySelector('.fq-bubble').textContent = line.text;
        byID.set(line.id, element);
      } else {
        fill(element, line);
        byNumber.set(line.n, element);
      }
      time(element);
      place(element, line.n);
      reveal(element);
    },

    replace(line) {
      const element = byNumber.get(line.replaces);
      if (element) fill(element, line);
    },

    drop(id) {
      byID.get(id)?.remove();
      byID.delete(id);
    },

    clear() {
      lines.replaceChildren();
      byNumber.clear();
      byID.clear();
      empty.hidden = false;
      newer.hidden = true;
    },

    typing(on) {
      dots.hidden = !on;
      const words = on ? texts.typing : '';
      if (status.textContent !== words) status.textContent = words;
      if (on && following) toEnd();
    },

    // busy keeps a screen reader from reading out a whole conversation that is being loaded.
    busy(yes) {
      log.setAttribute('aria-live', yes ? 'off' : 'polite');
      log.setAttribute('aria-busy', String(yes));
      empty.hidden = yes || lines.childElementCount > 0;
      if (!yes) toEnd();
    },

    banner(text) { if (banner.textContent !== text) banner.textContent = text; },

    notice(text) {
      notice.textContent = text;
      notice.hidden = text === '';
    },
  };
}
