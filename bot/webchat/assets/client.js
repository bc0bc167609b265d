// The protocol with the server: one token, requests that say why they failed, a stream that is read as it comes.

// Storage that works where the browser forbids it; then it lasts as long as the page.
function createStorage(prefix) {
  const memory = new Map();
  let real = null;
  try {
    localStorage.setItem(prefix + 'probe', '1');
    localStorage.removeItem(prefix + 'probe');
    real = localStorage;
  } catch { /* private mode, blocked storage */ }
  return {
    read: (key) => (real ? real.getItem(prefix + key) : memory.get(key) ?? null),
    write(key, value) {
      try {
        if (real) real.setItem(prefix + key, value); else memory.set(key, value);
      } catch { /* full: the chat goes on, a reload will not know of it */ }
    },
    remove(key) {
      if (real) real.removeItem(prefix + key); else memory.delete(key);
    },
  };
}

class Refused extends Error {
  constructor(status, message, after) {
    super(message || `status ${status}`);
    this.status = status;
    this.after = after; // seconds to wait, or 0
  }

  get temporary() { return this.status === 429 || this.status >= 500; }
}

// pause waits, not quite as long as it is told: pages that were cut off together do not come back together.
function pause(seconds, signal) {
  return new Promise((resolve) => {
    if (signal?.aborted) {
      resolve();
      return;
    }
    const timer = setTimeout(resolve, seconds * 1000 * (1 + Math.random() / 2));
    signal?.addEventListener('abort', () => { clearTimeout(timer); resolve(); }, { once: true });
  });
}

function randomID() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (b) => b.toString(16).padStart(2, '0')).join('');
}

function createClient({ base, storage, onReset }) {
  const patience = 20_000;
  let token = storage.read('token');
  let creating = null;
  let streaming = null;

  async function call(path, { method = 'GET', body, headers = {}, signal } = {}) {
    const response = await fetch(new URL(path, base), {
      method, headers: body === undefined ? headers : { ...headers, 'Content-Type': 'application/json' },
      body: body === undefined ? undefined : JSON.stringify(body),
      mode: 'cors', credentials: 'omit', cache: 'no-store', redirect: 'error', signal,
    });
    if (response.ok) return response;
    const told = await response.json().catch(() => ({}));
    const after = Number(response.headers.get('Retry-After')) || 0;
    throw new Refused(response.status, told.error, Math.min(after, 120));
  }

  // inTime gives up on a request that gets no answer.
  async function inTime(act) {
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), patience);
    try {
      return await act(controller.signal);
    } finally {
      clearTimeout(timer);
    }
  }

  async function create() {
    const { token: made } = await inTime(async (signal) => (await call('chat/session', { method: 'POST', body: {}, signal })).json());
    const other = storage.read('token'); // of another tab that was quicker
    if (!other) storage.write('token', made);
    token = other || made;
  }

  async function session() {
    token ??= storage.read('token');
    if (token === null) {
      creating ??= create().finally(() => { creating = null; });
      await creating;
    }
    return token;
  }

  async function withToken(path, init) {
    const mine = await session();
    try {
      return await call(path, { ...init, headers: { ...init.headers, Authorization: `Bearer ${mine}` } });
    } catch (error) {
      if (error.status === 401 && token === mine) {
        if (storage.read('token') === mine) storage.remove('token');
        token = storage.read('token');
        streaming?.abort();
        onReset();
      }
      throw error;
    }
  }

  async function readFrames(response, alive, onEvent) {
    const reader = response.body.getReader();
    const decoder = new TextDecoder();
    let rest = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      alive();
      rest += decoder.decode(value, { stream: true });
      const frames = rest.split('\n\n');
      rest = frames.pop();
      for (const frame of frames) {
        const fields = Object.fromEntries(frame.split('\n').map((line) => line.split(/: (.*)/s, 2)));
        if (fields.event) onEvent(fields.event, JSON.parse(fields.data));
      }
    }
  }

  return {
    known: () => (token ?? storage.read('token')) !== null,
    settings: () => inTime(async (signal) => (await call('chat/settings', { signal })).json()),
    history: (after) => inTime(async (signal) => (await withToken(`chat/history?after=${after}`, { signal })).json()),
    send: (event) => inTime(async (signal) => (await withToken('chat/events', { method: 'POST', body: event, signal })).json()),

    typing: () => inTime(async (signal) => (await withToken('chat/typing', { method: 'POST', body: {}, signal })).json()),

    cut: () => streaming?.abort(),

    // stream ends when the server ends it or is silent for too long; the server writes every 15 seconds. Where nothing at all comes
    // within ten, a proxy is holding the stream back.
    async stream(after, onEvent) {
      const controller = new AbortController();
      streaming = controller;
      let timer = setTimeout(() => controller.abort(), 10_000);
      const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(() => controller.abort(), 40_000);
      };
      try {
        const response = await withToken('chat/stream', { headers: { 'Last-Event-ID': String(after) }, signal: controller.signal });
        await readFrames(response, alive, onEvent);
      } finally {
        clearTimeout(timer);
        controller.abort();
      }
    },
  };
}
