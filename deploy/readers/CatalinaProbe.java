import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Map;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.Engine;
import org.apache.catalina.LifecycleState;
import org.apache.catalina.Service;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.connector.Request;
import org.apache.catalina.connector.Response;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardService;
import org.apache.catalina.loader.WebappLoader;
import org.apache.catalina.realm.NullRealm;
import org.apache.catalina.session.StandardManager;
import org.apache.catalina.startup.Catalina;
import org.apache.catalina.startup.Tomcat;
import org.apache.catalina.startup.VersionLoggerListener;
import org.apache.catalina.valves.ValveBase;
import org.apache.tomcat.util.digester.Digester;
import org.apache.tomcat.util.scan.StandardJarScanner;

/**
 * Starts Tomcat with the catalina-server.xml of homes, one after the other, as org.wso2.carbon.tomcat.internal.CarbonTomcat does: read by the
 * Digester of Catalina, the port offset added to the ports. It asks each connector by a request that names the port of the connector, and
 * prints what a servlet is told: the folder, the scheme, the server's name and port, and the port that was connected to.
 *
 * <p>Arguments: the host name to ask for, then for each home its folder, the path of catalina-server.xml in it, and the port offset.
 */
final class CatalinaProbe extends Catalina {
    /** What stands in for the classes of Carbon, by the element that names one. */
    private static final Map<String, Class<?>> STAND_INS = Map.of(
            "Service", StandardService.class, "Realm", NullRealm.class, "Valve", PassValve.class, "Listener", VersionLoggerListener.class,
            "JarScanner", StandardJarScanner.class, "Manager", StandardManager.class, "Loader", WebappLoader.class);

    public static void main(String[] args) throws Exception {
        for (int i = 1; i < args.length; i += 3) {
            System.setProperty("carbon.home", args[i]);
            CatalinaProbe probe = new CatalinaProbe();
            probe.configure(new File(args[i]), new File(args[i], args[i + 1]));
            probe.ask(args[i], Integer.parseInt(args[i + 2]), args[0]);
        }
    }

    @Override
    protected Digester createStartDigester() {
        Digester digester = super.createStartDigester();
        digester.setClassLoader(new ClassLoader(CatalinaProbe.class.getClassLoader()) {
            @Override
            public Class<?> loadClass(String name) throws ClassNotFoundException {
                return name.startsWith("org.wso2.") ? STAND_INS.get(digester.getCurrentElementName()) : super.loadClass(name);
            }
        });
        return digester;
    }

    /** Does not use load, which reads the first file again whatever it is told. */
    private void configure(File home, File catalinaServer) throws Exception {
        Digester digester = createStartDigester();
        digester.push(this);
        digester.parse(catalinaServer);
        getServer().setCatalina(this);
        getServer().setCatalinaHome(home);
        getServer().setCatalinaBase(home);
        getServer().init();
    }

    private void ask(String home, int offset, String host) throws Exception {
        Service service = getServer().findServices()[0];
        serve(service.getContainer());
        for (Connector connector : service.findConnectors()) {
            connector.setPort(connector.getPort() + offset);
        }
        try {
            start();
            for (Connector connector : service.findConnectors()) {
                if (connector.getState() != LifecycleState.STARTED) {
                    throw new IllegalStateException(home + ": the connector of port " + connector.getPort() + " does not start");
                }
                SocketFactory sockets = connector.getSecure() ? trusting().getSocketFactory() : SocketFactory.getDefault();
                System.out.println(home + " " + get(sockets, connector.getPort(), host));
            }
        } finally {
            stop();
        }
    }

    private static void serve(Engine engine) {
        Context context = new StandardContext();
        context.setPath("");
        context.addLifecycleListener(new Tomcat.FixContextListener());
        engine.findChild(engine.getDefaultHost()).addChild(context);
        Tomcat.addServlet(context, "where", new WhereServlet());
        context.addServletMappingDecoded("/where", "where");
    }

    /** Returns the last line of the answer. */
    private static String get(SocketFactory sockets, int port, String host) throws IOException {
        try (Socket socket = sockets.createSocket("127.0.0.1", port)) {
            String request = "GET /where HTTP/1.1\r\nHost: " + host + ":" + port + "\r\nConnection: close\r\n\r\n";
            socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
            String answer = read(socket.getInputStream());
            return answer.substring(answer.lastIndexOf('\n') + 1);
        }
    }

    private static String read(InputStream in) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        in.transferTo(out);
        return out.toString(StandardCharsets.US_ASCII);
    }

    private static SSLContext trusting() throws Exception {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Trusting()}, new SecureRandom());
        return context;
    }

    private static final class Trusting implements X509TrustManager {
        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }

    private static final class WhereServlet extends HttpServlet {
        private static final long serialVersionUID = 1;

        @Override
        protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
            response.getWriter().print(request.getScheme() + " " + request.getServerName() + " " + request.getServerPort() + " " + request.getLocalPort());
        }
    }

    /** A valve that does nothing. */
    public static final class PassValve extends ValveBase {
        @Override
        public void invoke(Request request, Response response) throws IOException, javax.servlet.ServletException {
            getNext().invoke(request, response);
        }
    }
}
