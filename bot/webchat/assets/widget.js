// The chat on another site: a button in the corner and a panel, in a shadow tree of its own.

(() => {
  const script = document.currentScript;
  if (!script || window.faqbotWidget) return;
  window.faqbotWidget = true;

  const data = script.dataset;
  const base = new URL('.', script.src);
  const explicit = data.lang || script.lang;
  const lang = speak([explicit, ...(navigator.languages || [navigator.language]), document.documentElement.lang]);
  const texts = TEXTS[lang];
  const wide = matchMedia('(min-width: 30em) and (min-height: 30em)');
  const kept = `faqbot:${base.host}${base.pathname}:open`;

  const host = document.createElement('div');
  host.className = 'faqbot';
  host.style.setProperty('all', 'initial', 'important');
  const tree = host.attachShadow({ mode: 'open' });
  let chat;
  let open = false;

  const badge = h('span', { class: 'fq-badge', hidden: true });
  const launcher = h('button', { type: 'button', class: 'fq-launcher', 'aria-label': texts.open, 'aria-expanded': 'false', click: () => show(true) },
    icon('chat'), badge);
  const panel = h('div', { class: 'fq-panel', role: 'dialog', tabindex: -1, hidden: true, keydown: onKey });
  const frame = h('div', { class: 'fq-widget', lang, dir: lang === 'ar' ? 'rtl' : 'ltr' }, panel, launcher);

  function show(yes, quietly = false) {
    open = yes;
    panel.hidden = !yes;
    launcher.hidden = yes;
    launcher.setAttribute('aria-expanded', String(yes));
    panel.setAttribute('aria-modal', String(!wide.matches));
    try {
      if (yes) sessionStorage.setItem(kept, '1'); else sessionStorage.removeItem(kept);
    } catch { /* the panel opens closed on the next page */ }
    if (yes) chat.start();
    attend();
    if (quietly) return;
    if (!yes) launcher.focus();
    else if (!matchMedia('(pointer: coarse)').matches) chat.view.input.focus();
    else panel.focus();
  }

  function attend() { chat.attend(open && !document.hidden); }

  // Over the whole screen the panel keeps the focus; beside the page it does not.
  function onKey(e) {
    e.stopPropagation(); // the site's own shortcuts are not meant
    if (e.key === 'Escape') {
      show(false);
    } else if (e.key === 'Tab' && !wide.matches) {
      const all = [...panel.querySelectorAll('a[href], button, textarea, [tabindex="0"]')].filter((x) => x.getClientRects().length > 0);
      const edge = e.shiftKey ? all[0] : all[all.length - 1];
      if (tree.activeElement !== edge) return;
      e.preventDefault();
      (e.shiftKey ? all[all.length - 1] : all[0]).focus();
    }
  }

  function style() {
    try {
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      tree.adoptedStyleSheets = [sheet];
    } catch {
      tree.append(h('style', {}, STYLE));
    }
  }

  async function boot() {
    const make = (business) => createChat({
      base, lang, locale: explicit || navigator.language || lang, name: data.name || '', business, level: 'h2',
      onUnread(n) {
        badge.hidden = n === 0;
        badge.textContent = n > 9 ? '9+' : n;
        launcher.setAttribute('aria-label', n ? `${texts.open} (${texts.newer}: ${n})` : texts.open);
      },
      onClose: () => show(false),
    });
    const settings = await fetch(new URL('chat/settings', base), { credentials: 'omit' }).then((r) => (r.ok ? r.json() : Promise.reject(new Error(r.status))))
      .catch(() => null);
    if (!settings) {
      console.warn(`faqbot: ${base.host} cannot be reached, or ${location.origin} is not among its allowed sites.`);
      return;
    }
    chat = make(settings.business);
    panel.setAttribute('aria-label', settings.business || texts.name);
    panel.append(chat.view.root);
    style();
    tree.append(frame);
    document.body.append(host);
    document.addEventListener('visibilitychange', attend);
    let reopen = false;
    try {
      reopen = sessionStorage.getItem(kept) === '1';
    } catch { /* as above */ }
    if (reopen && wide.matches) show(true, true);
    else if (chat.recent()) chat.start();
  }

  if (document.body) boot(); else addEventListener('DOMContentLoaded', boot);
})();
