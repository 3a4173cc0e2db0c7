/* Shows the OpenAPI document in the browser. A deployment with a guarded document requests a token first. */
(() => {
  const KEY = 'anycheck-snapshots.token';
  const SECURITY_SCHEME = 'token';
  const viewer = document.querySelector('#viewer');
  const form = document.querySelector('#access');
  const { url } = viewer.dataset;

  /* The token lives as long as the tab. A browser that blocks storage forgets it at the next load. */
  const storage = (use) => {
    try {
      return use(sessionStorage);
    } catch {
      return null;
    }
  };
  const kept = () => storage((session) => session.getItem(KEY));
  const keep = (token) => storage((session) => session.setItem(KEY, token));
  const forget = () => storage((session) => session.removeItem(KEY));

  const keepsToken = {
    statePlugins: {
      auth: {
        wrapActions: {
          authorize: (original) => (authorizations) => {
            const token = authorizations[SECURITY_SCHEME]?.value;
            if (token) keep(token);
            return original(authorizations);
          },
          logout: (original) => (schemes) => {
            if (schemes.includes(SECURITY_SCHEME)) forget();
            return original(schemes);
          },
        },
      },
    },
  };

  /* The source is the document's address, or the document. */
  const show = (source) => {
    const ui = SwaggerUIBundle({
      ...source,
      dom_id: '#viewer',
      deepLinking: true,
      displayOperationId: true,
      showExtensions: true,
      tryItOutEnabled: false,
      persistAuthorization: false,
      validatorUrl: null,
      plugins: [keepsToken],
      onComplete: () => {
        const token = kept();
        if (token) ui.preauthorizeApiKey(SECURITY_SCHEME, token);
      },
    });
  };

  if (!form) {
    show({ url });
    return;
  }

  const field = form.querySelector('input');
  const button = form.querySelector('button');
  const refusal = form.querySelector('[role=alert]');
  const showForm = (reason) => {
    form.hidden = false;
    refusal.textContent = reason;
    field.select();
  };

  const REFUSALS = {
    401: 'The service refused this token: it is expired, or it is not a token of this service. Enter another one.',
    403: 'This token has no role in this service. Enter another one.',
  };
  const load = async (token) => {
    button.disabled = true;
    try {
      const answer = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
      if (!answer.ok) {
        if (answer.status in REFUSALS) forget();
        showForm(REFUSALS[answer.status] ?? `The service answered with status ${answer.status}. Try again.`);
        return;
      }
      const spec = await answer.json();
      keep(token);
      form.remove();
      show({ spec });
    } catch {
      showForm('The service cannot be reached, or the token cannot be sent. Try again.');
    } finally {
      button.disabled = false;
    }
  };

  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void load(field.value.trim().replace(/^bearer\s+/i, ''));
  });
  const token = kept();
  if (token) void load(token);
  else showForm('');
})();
