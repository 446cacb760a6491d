import com.ctc.wstx.stax.WstxInputFactory;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import javax.xml.namespace.QName;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import javax.xml.xpath.XPath;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Attr;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;

/**
 * Prints all that Woodstox reads in XML documents, one thing a line. Its input is "file PATH" for each, and after it "at XPATH" for places in it. An
 * output line is "file PATH", or for each element, attribute, text, comment and instruction, in the order of the document: the line where it
 * begins (an attribute: its element), what it is, where it is, which places (counted from 0, divided by commas) name it or hold it, and its
 * value, between tabs. Names are local ones, for XPath too; what namespace an element is in is its value.
 */
final class EventProbe {
    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);
    private static final XPath XPATH = XPathFactory.newInstance().newXPath();

    private final Map<Node, Integer> lines = new IdentityHashMap<>();
    private final Map<Node, String> namespaces = new IdentityHashMap<>();
    private final Map<Node, List<Attr>> attributes = new IdentityHashMap<>(); // in the order of the document
    private final Map<Node, String> named = new IdentityHashMap<>();
    private final Document document;
    private int places;

    private EventProbe(Document document) {
        this.document = document;
    }

    public static void main(String[] args) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        EventProbe probe = null;
        for (String line = in.readLine(); line != null; line = in.readLine()) {
            if (line.startsWith("at ")) {
                probe.name(line.substring(3));
                continue;
            }
            if (probe != null) {
                probe.print(probe.document, "", "");
            }
            OUT.println(line);
            probe = new EventProbe(DocumentBuilderFactory.newInstance().newDocumentBuilder().newDocument());
            probe.read(line.substring("file ".length()));
        }
        probe.print(probe.document, "", "");
        OUT.flush();
    }

    private void read(String file) throws Exception {
        XMLInputFactory factory = new WstxInputFactory();
        factory.setProperty(XMLInputFactory.IS_COALESCING, true);
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(file)))) {
            XMLStreamReader reader = factory.createXMLStreamReader(in);
            Node parent = document;
            for (; reader.hasNext(); reader.next()) {
                parent = take(reader, parent);
            }
        }
    }

    /** Adds what the reader is at, and returns the parent of what follows. */
    private Node take(XMLStreamReader reader, Node parent) throws XMLStreamException {
        Node node;
        switch (reader.getEventType()) {
            case XMLStreamConstants.END_ELEMENT:
                return parent.getParentNode();
            case XMLStreamConstants.START_ELEMENT:
                node = element(reader);
                break;
            case XMLStreamConstants.COMMENT:
                node = document.createComment(reader.getText());
                break;
            case XMLStreamConstants.PROCESSING_INSTRUCTION:
                node = document.createProcessingInstruction(reader.getPITarget(), reader.getPIData());
                break;
            case XMLStreamConstants.CHARACTERS:
                node = document.createTextNode(reader.getText());
                break;
            default:
                return parent;
        }
        lines.put(node, reader.getLocation().getLineNumber());
        parent.appendChild(node);
        return node instanceof Element ? node : parent;
    }

    private Element element(XMLStreamReader reader) {
        Element element = document.createElement(reader.getLocalName());
        namespaces.put(element, String.valueOf(reader.getNamespaceURI()));
        attributes.put(element, new ArrayList<>());
        for (int i = 0; i < reader.getNamespaceCount(); i++) {
            add(element, "xmlns:" + reader.getNamespacePrefix(i), reader.getNamespaceURI(i));
        }
        for (int i = 0; i < reader.getAttributeCount(); i++) {
            QName name = reader.getAttributeName(i);
            add(element, name.getPrefix().isEmpty() ? name.getLocalPart() : name.getPrefix() + ":" + name.getLocalPart(), reader.getAttributeValue(i));
        }
        return element;
    }

    private void add(Element element, String name, String value) {
        element.setAttribute(name, value);
        attributes.get(element).add(element.getAttributeNode(name));
    }

    private void name(String place) throws Exception {
        NodeList found = (NodeList) XPATH.evaluate(place, document, XPathConstants.NODESET);
        for (int i = 0; i < found.getLength(); i++) {
            named.merge(found.item(i), places + ",", String::concat);
        }
        places++;
    }

    private void print(Node parent, String path, String names) {
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            switch (node.getNodeType()) {
                case Node.ELEMENT_NODE:
                    print((Element) node, path + "/" + node.getNodeName(), names + named.getOrDefault(node, ""));
                    break;
                case Node.TEXT_NODE:
                    print(node, "text", path, names, node.getNodeValue());
                    break;
                case Node.COMMENT_NODE:
                    print(node, "comment", path, names, node.getNodeValue());
                    break;
                default:
                    print(node, "instruction", path, names, node.getNodeName() + " " + node.getNodeValue());
            }
        }
    }

    private void print(Element element, String path, String names) {
        print(element, "element", path, names, namespaces.get(element));
        for (Attr attribute : attributes.get(element)) {
            print(element, "attribute", path + "/@" + attribute.getName(), names + named.getOrDefault(attribute, ""), attribute.getValue());
        }
        print((Node) element, path, names);
        print(element, "end", path, names, "");
    }

    private void print(Node node, String kind, String path, String names, String value) {
        String escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r").replace("\t", "\\t");
        OUT.println(lines.get(node) + "\t" + kind + "\t" + path + "\t" + names + "\t" + escaped);
    }
}
