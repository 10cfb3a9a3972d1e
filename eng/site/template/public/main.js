// Pictures have a light and a dark form, chosen by the system's color scheme; here the site's own switch, where it was used, decides.
function followSwitch() {
  const theme = document.documentElement.getAttribute('data-bs-theme')
  document.querySelectorAll('picture > source').forEach(source => {
    source.media = theme === 'dark' ? 'all' : 'not all'
  })
}

export default {
  start() {
    followSwitch()
    new MutationObserver(followSwitch).observe(document.documentElement, { attributeFilter: ['data-bs-theme'] })
  },
}
