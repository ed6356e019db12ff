# povreg: one image for web, worker, beat and one-off commands.
FROM python:3.12-slim-bookworm AS build
WORKDIR /app
RUN python -m venv .venv
COPY requirements.txt package.json package-lock.json .npmrc ./
RUN .venv/bin/pip install --no-cache-dir -r requirements.txt \
    && PATH="/app/.venv/bin:$PATH" npm ci --ignore-scripts --omit=dev
COPY . .
# Only for collecting static files; the running containers get theirs from the environment.
RUN POVREG_HOME=/tmp/build .venv/bin/python manage.py collectstatic --noinput --verbosity 0 \
    && rm -rf node_modules /tmp/build

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --create-home --home-dir /data povreg
WORKDIR /app
COPY --from=build --chown=root:root /app /app
ENV PATH="/app/.venv/bin:$PATH" PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    POVREG_HOME=/data MEDIA_ROOT=/data/media
USER povreg
VOLUME /data
EXPOSE 8000
CMD ["gunicorn", "povreg.wsgi", "--bind", "0.0.0.0:8000", "--workers", "3", "--threads", "4", "--timeout", "60", \
     "--no-control-socket"]
