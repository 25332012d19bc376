// Stands in the bundle for what Fastify can load and the mock never uses: compilers of schemas, injected requests.
module.exports = undefined;
