import com.ctc.wstx.stax.WstxInputFactory;
import java.io.BufferedInputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.xml.namespace.QName;
import javax.xml.stream.XMLStreamReader;
import org.apache.axiom.om.OMElement;
import org.apache.axiom.om.impl.builder.StAXOMBuilder;

/**
 * Reads each axis2.xml that is named, by Axiom over Woodstox as Carbon does, and prints what Carbon takes from it, one value a line: the file, a
 * path and the value, between tabs. What is looked up, and in which namespace, is as in org.apache.axis2.deployment: AxisConfigBuilder
 * (clustering, transportReceiver), DescriptionBuilder.processParameters, and ClusterBuilder (enable, members, which count when the scheme is
 * wka); the properties as in org.wso2.carbon.core.clustering.hazelcast.HazelcastClusteringAgent.
 */
final class AxisProbe {
    private static final PrintStream OUT = new PrintStream(System.out, false, StandardCharsets.UTF_8);

    private final String file;

    private AxisProbe(String file) {
        this.file = file;
    }

    public static void main(String[] files) throws Exception {
        for (String file : files) {
            try (InputStream in = new BufferedInputStream(Files.newInputStream(Path.of(file)))) {
                new AxisProbe(file).read(new WstxInputFactory().createXMLStreamReader(in));
            }
        }
        OUT.flush();
    }

    private void read(XMLStreamReader reader) {
        OMElement config = new StAXOMBuilder(reader).getDocumentElement();
        config.build();
        print("declared encoding", reader.getCharacterEncodingScheme());
        print("encoding", reader.getEncoding());
        for (Iterator<?> i = children(config, "transportReceiver"); i.hasNext(); ) {
            OMElement receiver = (OMElement) i.next();
            parameters("transportReceiver[@class='" + attribute(receiver, "class") + "']", receiver);
        }
        OMElement clustering = config.getFirstChildWithName(new QName("clustering"));
        if (clustering != null) {
            clustering(clustering);
        }
    }

    private void clustering(OMElement clustering) {
        String enable = attribute(clustering, "enable");
        print("clustering/@enable", String.valueOf(enable == null || Boolean.parseBoolean(enable.trim())));
        print("clustering/@class", attribute(clustering, "class"));
        String scheme = parameters("clustering", clustering);
        OMElement members = clustering.getFirstChildWithName(new QName("members"));
        if (members == null || !scheme.trim().equals("wka")) {
            return;
        }
        for (Iterator<?> i = members.getChildrenWithLocalName("member"); i.hasNext(); ) {
            OMElement member = (OMElement) i.next();
            print("clustering/members/member/hostName", member.getFirstChildWithName(new QName("hostName")).getText().trim());
            print("clustering/members/member/port", member.getFirstChildWithName(new QName("port")).getText().trim());
        }
    }

    /** Prints the parameters of an element, and returns its membershipScheme. */
    private String parameters(String path, OMElement element) {
        String scheme = "";
        for (Iterator<?> i = children(element, "parameter"); i.hasNext(); ) {
            OMElement parameter = (OMElement) i.next();
            String name = attribute(parameter, "name");
            String at = path + "/parameter[@name='" + name + "']";
            if (parameter.getFirstElement() == null) {
                print(at, parameter.getText());
                scheme = name.equals("membershipScheme") ? parameter.getText() : scheme;
            }
            if (!name.equals("properties")) {
                continue;
            }
            for (Iterator<?> j = parameter.getChildrenWithLocalName("property"); j.hasNext(); ) {
                OMElement property = (OMElement) j.next();
                print(at + "/property/@name", attribute(property, "name"));
                print(at + "/property[@name='" + attribute(property, "name") + "']/@value", attribute(property, "value"));
            }
        }
        return scheme;
    }

    private static Iterator<?> children(OMElement element, String name) {
        return element.getChildrenWithName(new QName(name));
    }

    private static String attribute(OMElement element, String name) {
        return element.getAttributeValue(new QName(name));
    }

    private void print(String path, String value) {
        OUT.println(file + "\t" + path + "\t" + String.valueOf(value).replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t"));
    }
}
