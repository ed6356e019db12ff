// The CSRF token: a fresh login changes it, so the cookie (when readable) goes before the page's meta tag.

export function csrfToken() {
  const cookie = document.cookie.match(/(?:^|;\s*)csrftoken=([^;]+)/);
  return cookie ? decodeURIComponent(cookie[1]) : document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

/** After a login in place: put the new token into the meta tag and into every form already on the page. */
export function renewCsrf(token = csrfToken()) {
  const meta = document.querySelector('meta[name="csrf-token"]');
  if (meta) meta.content = token;
  for (const input of document.querySelectorAll('input[name="csrfmiddlewaretoken"]')) input.value = token;
}
