/** Filters, links into the filtered list, copy buttons, and the theme. Without scripts everything is still visible. */
export const SCRIPT = `
(() => {
  const form = document.getElementById('filters');
  const rows = [...document.querySelectorAll('.requirements tbody tr')];
  const texts = rows.map((row) => row.textContent.toLowerCase());
  const checked = (name) => new Set([...form.querySelectorAll('input[name=' + name + ']:checked')].map((box) => box.value));
  const apply = () => {
    const verdicts = checked('verdict');
    const levels = checked('level');
    const area = form.area.value;
    const words = form.text.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const all = !form.unselected || form.unselected.checked;
    let shown = 0;
    rows.forEach((row, index) => {
      const { verdict, level } = row.dataset;
      const fits = verdicts.has(verdict) && levels.has(level) && (!area || row.dataset.area === area) &&
        (all || !('unselected' in row.dataset)) && words.every((word) => texts[index].includes(word));
      row.hidden = !fits;
      if (fits) shown += 1;
    });
    document.getElementById('shown').textContent = shown + ' of ' + rows.length + ' shown';
    document.getElementById('nothing').hidden = shown > 0;
  };
  form.addEventListener('input', apply);
  form.addEventListener('submit', (event) => event.preventDefault());
  apply();

  document.addEventListener('click', async (event) => {
    const link = event.target.closest('[data-area-link]');
    if (link) {
      form.area.value = link.dataset.areaLink;
      apply();
    }
    const button = event.target.closest('[data-copy]');
    if (!button) return;
    const code = button.parentElement.querySelector('code');
    const label = button.textContent;
    try {
      await navigator.clipboard.writeText(code.textContent);
      button.textContent = 'Copied';
    } catch {
      getSelection().selectAllChildren(code);
      button.textContent = 'Selected';
    }
    setTimeout(() => { button.textContent = label; }, 1500);
  });

  const themes = ['auto', 'light', 'dark'];
  const theme = document.getElementById('theme');
  theme.hidden = false;
  theme.addEventListener('click', () => {
    const next = themes[(themes.indexOf(theme.dataset.now) + 1) % themes.length];
    theme.dataset.now = next;
    theme.textContent = 'Theme: ' + next;
    if (next === 'auto') delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = next;
  });
})();
`;
