/** A first message and how to take an answer, in the languages of services. Pure texts, filled with the account's own address. */
import { quoted } from '../../common/curl.ts'

export interface Message {
  from: string
  mapKey: string
  body: string
  firstName?: string
}
export interface Sample {
  id: string
  label: string
  code: string
}

/** Somebody who is found by the field that the account maps by. */
export function sampleMessage(mapKey: string | null): Message {
  const key = mapKey ?? 'phone'
  const from =
    { email: 'giulia.ferri@example.it', phone: '+39 347 555 0142', mobile: '+39 347 555 0142' }[key] ??
    'giulia-0142'
  return {
    from,
    mapKey: key,
    body: 'Hello from my app',
    ...(key === 'firstName' ? {} : { firstName: 'Giulia' }),
  }
}

export function sendSamples(url: string, message: Message): Sample[] {
  const json = JSON.stringify(message)
  const pairs = Object.entries(message)
  const listed = (write: (name: string, value: string) => string) =>
    pairs.map(([name, value]) => write(name, JSON.stringify(value))).join(', ')
  return [
    {
      id: 'curl',
      label: 'curl',
      code: `curl -X POST ${quoted(url)} \\
  -H 'content-type: application/json' \\
  -d ${quoted(json)}`,
    },
    {
      id: 'node',
      label: 'Node',
      code: `const answer = await fetch('${url}', {
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ ${listed((name, value) => `${name}: ${value}`)} }),
})
console.log(answer.status, await answer.text())`,
    },
    {
      id: 'python',
      label: 'Python',
      code: `import json, urllib.request

message = {${listed((name, value) => `"${name}": ${value}`)}}
request = urllib.request.Request(
    '${url}',
    data=json.dumps(message).encode(),
    headers={'content-type': 'application/json'},
)
print(urllib.request.urlopen(request).read().decode())`,
    },
    {
      id: 'php',
      label: 'PHP',
      code: `<?php
$request = curl_init('${url}');
curl_setopt_array($request, [
  CURLOPT_RETURNTRANSFER => true,
  CURLOPT_HTTPHEADER => ['content-type: application/json'],
  CURLOPT_POSTFIELDS => json_encode([${listed((name, value) => `'${name}' => ${value}`)}]),
]);
echo curl_exec($request);`,
    },
    {
      id: 'go',
      label: 'Go',
      code: `package main

import (
	"fmt"
	"io"
	"net/http"
	"strings"
)

func main() {
	message := \`${json}\`
	answer, err := http.Post("${url}", "application/json", strings.NewReader(message))
	if err != nil {
		panic(err)
	}
	body, _ := io.ReadAll(answer.Body)
	fmt.Println(answer.Status, string(body))
}`,
    },
    {
      id: 'csharp',
      label: 'C#',
      code: `using System.Net.Http.Json;

var message = new { ${listed((name, value) => `${name} = ${value}`)} };
var answer = await new HttpClient().PostAsJsonAsync("${url}", message);
Console.WriteLine(await answer.Content.ReadAsStringAsync());`,
    },
    {
      id: 'java',
      label: 'Java',
      code: `import java.net.URI;
import java.net.http.*;

class FirstMessage {
  public static void main(String[] args) throws Exception {
    var message = """
        ${json}""";
    var request = HttpRequest.newBuilder(URI.create("${url}"))
        .header("content-type", "application/json")
        .POST(HttpRequest.BodyPublishers.ofString(message))
        .build();
    System.out.println(HttpClient.newHttpClient()
        .send(request, HttpResponse.BodyHandlers.ofString()).body());
  }
}`,
    },
  ]
}

/** The least that a service does with an answer: read the body, say 200 at once. */
export const takeSamples: readonly Sample[] = [
  {
    id: 'node',
    label: 'Node',
    code: `import { createServer } from 'node:http'

createServer(async (request, response) => {
  let text = ''
  for await (const part of request) text += part
  const { id, body, Contact } = JSON.parse(text)
  console.log(id, Contact.phone, body)
  response.end()
}).listen(8080)`,
  },
  {
    id: 'php',
    label: 'PHP',
    code: `<?php
// The answer is the raw body: $_POST stays empty with JSON.
$answer = json_decode(file_get_contents('php://input'), true);
error_log($answer['id'] . ' ' . $answer['Contact']['phone'] . ' ' . $answer['body']);`,
  },
  {
    id: 'python',
    label: 'Python',
    code: `import json
from http.server import BaseHTTPRequestHandler, HTTPServer

class Answers(BaseHTTPRequestHandler):
    def do_POST(self):
        answer = json.loads(self.rfile.read(int(self.headers['content-length'])))
        print(answer['id'], answer['Contact']['phone'], answer['body'])
        self.send_response(200)
        self.end_headers()

HTTPServer(('', 8080), Answers).serve_forever()`,
  },
]
