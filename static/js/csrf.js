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

/** A form that stays on the page after its answer came is a new request the next time it is sent (povreg/kit/once.py). */
export function renewOnce(form) {
  for (const input of form?.querySelectorAll('input[name="once_key"]') ?? []) {
    input.value = Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
  }
}
