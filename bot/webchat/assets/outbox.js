// What the visitor sends waits here until the server has stored it: in order, one at a time, over a reload too.

function createOutbox({ client, storage, extra, onState }) {
  const stale = 10 * 60_000; // what is older was given up by the visitor, and goes only when they say so
  let items = [];
  let flushing = false;
  let hurry = new AbortController();

  // Other tabs keep theirs in the same place: what is stored is changed, never replaced. Two tabs may send the same item; its ID makes
  // that harmless.
  function stored() {
    try {
      return JSON.parse(storage.read('outbox') || '[]').filter((item) => item.id && item.kind);
    } catch {
      return [];
    }
  }

  const store = (list) => storage.write('outbox', JSON.stringify(list));

  function remove(unwanted) {
    items = items.filter((item) => !unwanted(item));
    store(stored().filter((item) => !unwanted(item)));
  }

  function load() {
    const mine = new Set(items.map((item) => item.id));
    for (const item of stored()) {
      if (!mine.has(item.id)) items.push({ ...item, held: Date.now() - item.at > stale });
    }
    return items;
  }

  // deliver resolves to "sent", "refused" (never to be sent again) or "failed" (later, or when asked).
  async function deliver(item) {
    const { held, at, label, ...event } = item;
    for (let lost = 0, waits = 0; ;) {
      try {
        const { n } = await client.send({ ...event, ...extra() });
        item.n = n;
        return 'sent';
      } catch (error) {
        if (error.status === 401 && lost++ < 2) continue; // a new session follows
        if (error instanceof Refused && !error.temporary) return 'refused';
        if (error instanceof Refused ? ++waits > 20 : ++lost > 3) return 'failed';
        if (error.status === 429) onState(item, 'slow');
        await (error.after ? pause(error.after) : pause(2 ** (lost + waits) / 4, hurry.signal));
      }
    }
  }

  async function flush() {
    hurry.abort(); // whoever waits need not
    hurry = new AbortController();
    if (flushing) return;
    flushing = true;
    try {
      for (let item; (item = items.find((i) => !i.held));) {
        onState(item, 'sending');
        const outcome = await deliver(item);
        if (outcome === 'failed') {
          for (const waiting of items) onState(waiting, 'failed');
          return;
        }
        remove((i) => i.id === item.id);
        onState(item, outcome);
      }
    } finally {
      flushing = false;
    }
  }

  return {
    load, flush,
    has: (id) => items.some((item) => item.id === id),
    send(item) {
      items.push(item);
      store([...stored(), item]);
      flush();
    },
    retry() {
      for (const item of items) item.held = false;
      flush();
    },
    // restart follows a new session: the buttons of the old one mean nothing to it.
    restart: () => remove((item) => item.kind !== 'text'),
  };
}
