# Contact centre, cloud and relay as one image: the pages are built in one stage, the packages are installed in another, and neither leaves its
# tools behind. It starts the contact centre; `node cloud/start.js` and `node relay/start.js` start the others.

FROM node:24-bookworm-slim AS desk
WORKDIR /patchbay
COPY package.json package-lock.json .npmrc tsconfig.base.json ./
COPY protocol/package.json protocol/
COPY kit/package.json kit/
COPY server/package.json server/
COPY relay/package.json relay/
COPY cloud/package.json cloud/
COPY simulator/package.json simulator/
COPY web/package.json web/
COPY demo/package.json demo/
COPY e2e/package.json e2e/
# The root's prepare script would build the desk before its sources are here.
RUN npm ci --ignore-scripts
COPY scripts/compress.js scripts/
COPY protocol protocol
COPY web web
RUN npm run build --workspace web

FROM node:24-bookworm-slim AS program
WORKDIR /patchbay
COPY package.json package-lock.json .npmrc ./
COPY protocol/package.json protocol/
COPY kit/package.json kit/
COPY server/package.json server/
COPY relay/package.json relay/
COPY cloud/package.json cloud/
COPY simulator/package.json simulator/
COPY web/package.json web/
COPY demo/package.json demo/
COPY e2e/package.json e2e/
# The programs' packages alone; the root's optional ones would bring a second Node.
RUN npm ci --omit=dev --ignore-scripts --workspace protocol --workspace kit --workspace server --workspace cloud --workspace relay
# Beside the packages, some of which lie in the workspaces' own folders.
COPY protocol protocol
COPY kit kit
COPY server server
COPY cloud cloud
COPY relay relay
COPY --from=desk /patchbay/web/dist web/dist
COPY --from=desk /patchbay/web/cloud/dist web/cloud/dist

FROM node:24-bookworm-slim
WORKDIR /patchbay
# Of what is freed after a flood of connections more goes back to the system with two arenas of malloc than with eight for each core.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data MALLOC_ARENA_MAX=2
RUN mkdir /data && chown node:node /data && chmod 700 /data
# Root's, so that the program cannot change itself.
COPY --from=program /patchbay .
USER node
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# SIGTERM to the program itself: it ends within ten seconds with all that was accepted done.
CMD ["node", "--max-semi-space-size=64", "server/start.js"]
