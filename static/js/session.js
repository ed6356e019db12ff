// Tells an expired session from other answers.

/** True when the answer is the login page or says that a login is needed. */
export function needsLogin(xhr) {
  if (xhr.status === 401 || xhr.getResponseHeader("X-Login-Required")) return true;
  const login = document.body.dataset.loginUrl;
  return Boolean(login && xhr.responseURL && new URL(xhr.responseURL).pathname === login);
}
