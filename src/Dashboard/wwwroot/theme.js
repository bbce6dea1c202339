// @ts-check
// Runs before the first paint, so that a chosen scheme of colours does not flash.
(() => {
  const theme = localStorage.getItem('hub-theme');
  if (theme) document.documentElement.dataset.theme = theme;
})();
