// The chat: it joins the view to the server.

const languages = Object.keys(TEXTS);

// speak picks the first language that the page has texts in.
function speak(wanted) {
  for (const tag of wanted) {
    const base = (tag || '').toLowerCase().split(/[-_]/)[0];
    if (languages.includes(base)) return base;
  }
  return 'en';
}

function createFormats(lang) {
  const tag = navigator.language?.toLowerCase().startsWith(lang) ? navigator.language : lang;
  const time = new Intl.DateTimeFormat(tag, { hour: 'numeric', minute: '2-digit' });
  const full = new Intl.DateTimeFormat(tag, { dateStyle: 'long', timeStyle: 'short' });
  const day = new Intl.DateTimeFormat(tag, { weekday: 'long', day: 'numeric', month: 'long' });
  const near = new Intl.RelativeTimeFormat(tag, { numeric: 'auto' });
  return {
    time: (at) => time.format(at),
    full: (at) => full.format(at),
    day(at) {
      const midnight = (t) => new Date(t).setHours(0, 0, 0, 0);
      const days = Math.round((midnight(at) - midnight(Date.now())) / 86_400_000);
      return days === 0 || days === -1 ? near.format(days, 'day') : day.format(at);
    },
  };
}

function createChat({ base, lang, locale, name, business, level, onUnread, onClose }) {
  const texts = TEXTS[lang];
  const storage = createStorage(`faqbot:${base.host}${base.pathname}:`);
  const client = createClient({ base, storage, onReset: reset });
  const outbox = createOutbox({ client, storage, extra: () => ({ locale, name }), onState });
  const view = createView({
    texts, lang, formats: createFormats(lang), name: business, level, onClose, onSend, onPress, onRetry: () => outbox.retry(), onTyping,
  });
  let cursor = 0; // the number of the last line that was taken
  let started = false;
  let loaded = false;
  let attended = false; // somebody looks at it
  let unread = 0;
  let connected = false;
  let elsewhere = false; // newer tabs of this visitor have taken the streams that one may hold
  let wait = new AbortController(); // ends what the loop waits for
  let typingTimer = 0;
  let bannerTimer = 0;
  let typingQuiet = 0; // until when it is not told that the visitor types

  // onTyping tells that the visitor types, seldom while nobody is there to see it.
  async function onTyping() {
    if (!connected || !client.known() || Date.now() < typingQuiet) return;
    typingQuiet = Date.now() + 5000;
    const told = await client.typing().catch(() => ({}));
    if (!told.seen) typingQuiet = Date.now() + 30_000;
  }

  function onSend(text) {
    const item = { id: randomID(), kind: 'text', text, at: Date.now() };
    view.pending(item);
    outbox.send(item);
    kick();
  }

  function onPress(line, button) {
    const item = { id: randomID(), kind: 'press', line, action: button.action, label: button.label, at: Date.now() };
    view.chosen(line, button.action);
    view.pending({ ...item, text: button.label });
    outbox.send(item);
    kick();
  }

  function onState(item, state) {
    if (state === 'sent') {
      view.settle(item.id, item.n);
      kick(); // the server can be reached
    } else {
      const gone = state === 'refused' && item.kind === 'press';
      view.state(item.id, state, gone && texts.gone);
      if (gone) view.chosen(item.line, item.action, false);
    }
  }

  // take shows one line. Lines come in order; whatever comes again is known by its number.
  function take(line) {
    if (line.n <= cursor) return;
    cursor = line.n;
    if (line.cleared) {
      view.clear();
    } else if (line.replaces) {
      view.replace(line);
    } else if (line.id && view.has(line.id)) {
      view.settle(line.id, line.n, Date.parse(line.at));
      // The line is stored before the bot has the message; it counts as sent when the server says so.
      if (outbox.has(line.id)) view.state(line.id, 'sending');
    } else {
      view.add(line);
      if (!line.id && !line.quiet) count(line.n);
    }
    if (line.pressed) view.chosen(line.pressed.line, line.pressed.action);
    if (!line.id) view.typing(false);
    if (attended) see();
  }

  function count(n) {
    if (attended || n <= Number(storage.read('seen'))) return;
    unread += 1;
    onUnread(unread);
  }

  function see() {
    storage.write('seen', String(cursor));
    storage.write('active', String(Date.now()));
    if (unread === 0) return;
    unread = 0;
    onUnread(0);
  }

  async function pull() {
    for (let more = true; more;) {
      const page = await client.history(cursor);
      page.lines.forEach(take);
      cursor = Math.max(cursor, page.last);
      more = page.more;
    }
  }

  // begin shows the conversation as it stands, then what was not sent before a reload.
  async function begin() {
    view.busy(true);
    try {
      await pull();
    } finally {
      view.busy(false);
    }
    loaded = true;
    for (const item of outbox.load()) {
      if (item.kind !== 'arrived' && !view.has(item.id)) view.pending({ ...item, text: item.text ?? item.label });
      view.state(item.id, item.held ? 'failed' : 'sending');
    }
    if (view.size() === 0) {
      const day = new Date().toISOString().slice(0, 10);
      outbox.send({ id: `arrived-${cursor}-${day}`, kind: 'arrived', at: Date.now() });
    }
  }

  function reset() {
    cursor = 0;
    loaded = false;
    view.clear();
    outbox.restart();
  }

  function onEvent(kind, data) {
    if (kind === 'hello') {
      connection(true);
      view.notice(data.notice);
      outbox.flush();
    } else if (kind === 'line') {
      take(data);
    } else if (kind === 'typing') {
      view.typing(true);
      clearTimeout(typingTimer);
      typingTimer = setTimeout(() => view.typing(false), 7000);
    } else if (kind === 'elsewhere') {
      elsewhere = true;
    }
  }

  // follow keeps the page up to date for as long as it lives. Each round first asks for what is missing, so that a network which lets
  // no stream through still gets its answers.
  async function follow() {
    for (let failures = 0; ;) {
      let after = 0.5;
      try {
        if (!loaded) await begin(); else await pull();
        await client.stream(cursor, onEvent);
        failures = 0;
      } catch (error) {
        failures += 1;
        after = error.after || Math.min(2 ** failures / 2, 6);
      }
      connection(false);
      if (elsewhere) after = 3600; // until somebody looks at this tab again
      await pause(after, wait.signal);
      wait = new AbortController();
    }
  }

  // kick ends a wait: somebody is here.
  function kick() {
    if (connected) return;
    elsewhere = false;
    wait.abort();
  }

  function connection(yes) {
    connected = yes;
    if (yes) {
      clearTimeout(bannerTimer);
      bannerTimer = 0;
      view.banner('');
    } else if (!navigator.onLine) {
      view.banner(texts.offline);
    } else if (!elsewhere) {
      bannerTimer ||= setTimeout(() => view.banner(navigator.onLine ? texts.reconnecting : texts.offline), 3000);
    }
  }

  // A network that is back is often another one: the old connection may be dead without a word.
  addEventListener('online', () => {
    client.cut();
    kick();
    if (loaded) outbox.flush();
  });
  addEventListener('offline', () => started && view.banner(texts.offline));
  document.addEventListener('visibilitychange', () => !document.hidden && kick());
  addEventListener('focus', kick);

  return {
    view,
    settings: client.settings,
    // recent says that a conversation is going on: an answer may be on its way.
    recent: () => client.known() && Date.now() - Number(storage.read('active')) < 86_400_000,
    start() {
      if (started) return;
      started = true;
      connection(false);
      follow();
    },
    attend(yes) {
      attended = yes;
      if (yes && loaded) see();
    },
  };
}
