# Starts Langflow once, waits for its health check, and stops it.
mkdir -p /data
export LANGFLOW_SUPERUSER=build LANGFLOW_SUPERUSER_PASSWORD=build-pass-1 LANGFLOW_AUTO_LOGIN=false
python3 -m langflow run --host 127.0.0.1 --port 7860 --backend-only >/tmp/log 2>&1 &
pid=$!
n=0
until python3 -c 'from urllib.request import urlopen; urlopen("http://127.0.0.1:7860/health_check", timeout=5)' 2>/dev/null; do
  n=$((n + 1))
  kill -0 "$pid" && [ "$n" -lt 180 ] || { cat /tmp/log; exit 1; }
  sleep 1
done
kill -INT "$pid"
wait "$pid" || true
