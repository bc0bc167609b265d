// The page at "/".

(() => {
  const root = document.getElementById('faqbot');
  const lang = speak([document.documentElement.lang]);
  const asked = new URLSearchParams(location.search).get('lang');
  const title = document.title;
  const chat = createChat({
    base: new URL('.', location.href), lang, locale: asked || navigator.language || lang, name: '',
    business: root.dataset.business, level: 'h1',
    onUnread: (n) => { document.title = n ? `(${n}) ${title}` : title; },
  });
  root.append(chat.view.root);
  const attend = () => chat.attend(!document.hidden);
  document.addEventListener('visibilitychange', attend);
  attend();
  chat.start();
  if (!matchMedia('(pointer: coarse)').matches) chat.view.input.focus();

  // A phone's keyboard covers the page without making it smaller.
  const seen = window.visualViewport;
  const fit = () => {
    if (seen.scale === 1) document.documentElement.style.setProperty('--fq-height', `${seen.height}px`);
  };
  if (seen) {
    seen.addEventListener('resize', fit);
    fit();
  }
})();
