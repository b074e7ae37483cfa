// The end of a session, told where somebody is typing. Pages work without this file: a form that is sent then
// brings the sign-in page, and is shown again afterwards.

// 401: signed out. 403: signed in again elsewhere, and this page's forms still carry the old token.
document.addEventListener("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status !== 401 || document.querySelector(".toast--top")) return;
  document.body.append(document.getElementById("signed-out").content.cloneNode(true));
});

// Once a part arrives again, somebody has signed in.
document.addEventListener("htmx:afterOnLoad", (event) => {
  if (event.detail.xhr.status < 400) document.querySelector(".toast--top")?.remove();
});

// A form that is shown again stands at the address of signing in, until here.
const again = document.querySelector("[data-here]");
if (again) history.replaceState(null, "", again.dataset.here);
